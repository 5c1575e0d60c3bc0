// The door to the scan, which is compiled from the AssemblyScript in scan/. What comes through it are numbers only; their
// meaning is in scan/record.ts and here.
import { readFileSync } from 'node:fs'

/** What the module exports, under its own names. */
export interface ScanExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  inputAddress(): number
  inputBytes(): number
  recordsAddress(): number
  begin(from_us: bigint, before_us: bigint): void
  scan(from: number, to: number): number
  scannedAddress(): number
  textsAreFull(): number
  forgetTexts(): void
  textPlaces(): number
  readPayload(at: number, bytes: number): number
  payloadAddress(): number
  writePayloadText(at: number, bytes: number): number
  writtenAddress(): number
  askedAddress(): number
}

// What of the WebAssembly interface is used here: the types of Node leave it out.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: object }
}

const compiled = new WebAssembly.Module(readFileSync(new URL('./scan/scan.wasm', import.meta.url)))

/** Makes an instance with a memory of its own, about 15 MiB that fill as they are used and never grow. */
export function openScanModule(): ScanExports {
  const abort = (): never => {
    throw new Error('The scan of lines broke an assumption of its own')
  }
  // The exports are those of scan/scan.ts: both are built from one tree.
  return new WebAssembly.Instance(compiled, { env: { abort } }).exports as ScanExports
}
