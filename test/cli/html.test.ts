// Whatever a stranger writes stays text on our pages.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html, Markup } from '../../cli/html.ts'

test('html`` escapes texts, in elements and in attributes, and leaves markup as it is', () => {
  const name = `<b onclick='x'>"&`
  assert.equal(
    html`<p title="${name}">${name}${3}${[html`<i>${'<'}</i>`, '>', ['&']]}</p>`.toString(),
    '<p title="&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;">&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;3<i>&lt;</i>&gt;&amp;</p>',
  )
  assert.equal(html`${Markup.trusted('<hr>')}`.toString(), '<hr>')
  assert.equal(html``.toString(), '')
})
