// Sixty tables in one list are no catalogue. The folders of contracts/tables/ are its chapters; here they get their order and
// the words that stand above them in the documentation and in a codebook.

export interface Section {
  /** Folder in contracts/tables/. */
  readonly folder: string
  readonly title: string
}

export const SECTIONS: readonly Section[] = [
  { folder: 'ledger', title: 'Ledger' },
  { folder: 'activity', title: 'Learners and activity' },
  { folder: 'pages', title: 'Pages and navigation' },
  { folder: 'video', title: 'Video' },
  { folder: 'problems', title: 'Problems and surveys' },
  { folder: 'forum', title: 'Forum and textbook' },
  { folder: 'enrollment', title: 'Enrolment and groups' },
  { folder: 'grades', title: 'Grades, certificates and exams' },
  { folder: 'tools', title: 'Other tools of a course' },
  { folder: 'insights', title: 'As edX Insights says it' },
  { folder: 'samced', title: 'As the ChalmersX toolkit says it' },
]
