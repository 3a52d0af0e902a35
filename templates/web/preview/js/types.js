// The shapes that modules hand to each other, as JSDoc types. Nothing of this runs.

/**
 * A teaser, or the gap before it: [section, teaser], counted from 0.
 * @typedef {[section: number, teaser: number]} Place
 */

/**
 * A run of a word diff.
 * @typedef {[change: "same" | "added" | "removed", text: string]} DiffRun
 */

/**
 * Why an issue can't be shown, with the lines of its file around the mistake.
 * @typedef {object} Problem
 * @property {string} message
 * @property {number | null} line
 * @property {{ number: number, text: string, marked: boolean }[]} lines
 */

/**
 * What the checks have found, and the letter's facts and headers.
 * @typedef {object} Report
 * @property {Problem} [problem]
 * @property {Finding[]} [checks]
 * @property {string[]} [passed]
 * @property {string} [summary]
 * @property {Fact[]} [facts]
 * @property {string} preheader
 * @property {string} from
 * @property {[name: string, value: string][]} headers
 * @property {string} rawHeaders
 */

/** @typedef {"error" | "warning" | "note"} Level */
/** @typedef {{ level: Level, name: string, code: string, message: string, where?: string }} Finding */
/** @typedef {{ label: string, value: string, share?: number }} Fact */

/**
 * An issue as it is seen at once; its report comes later.
 * @typedef {object} Preview
 * @property {string} issue
 * @property {number} version
 * @property {number} milliseconds
 * @property {string} subject
 * @property {string} reader
 * @property {string} letterLanguage
 * @property {string} text
 * @property {string} html
 * @property {string} mjml
 * @property {undefined} [problem]
 * @property {Promise<Report | null>} [report]
 */

/** @typedef {{ issue: string, version?: number, problem: Problem }} BrokenPreview */
/** @typedef {Omit<Preview, "problem" | "report"> & Report} ReportedPreview */

/**
 * A view of an issue: one tab. main.js puts `element` on the stage and calls the rest.
 * @typedef {object} View
 * @property {HTMLElement} element
 * @property {() => void} onOpen its element stands on the stage now
 * @property {() => void} onClose another view, or a problem, takes its place
 * @property {(preview: Preview) => unknown} update show this version; a promise if that takes time
 * @property {(preview: ReportedPreview) => void} [onReport] the checks have been run
 * @property {(words: string) => boolean} [reveal] scroll to a heading or link with these words
 * @property {(words: string) => boolean} [hasText] whether `reveal` would find them
 */

/**
 * An issue's file as it can be changed.
 * @typedef {object} EditState
 * @property {string} version
 * @property {string | null} locked why it can't be changed; null: it can
 * @property {string | null} undo
 * @property {string | null} redo
 * @property {string} language
 * @property {string[]} layouts
 * @property {Record<string, string>} parts
 * @property {Section[]} sections
 */

/** @typedef {{ title: string, text: string, layout: string, teasers: Teaser[] }} Section */
/** @typedef {{ key: string, alt: string | null, decorative: boolean }} Picture */

/**
 * @typedef {object} Teaser
 * @property {string} title
 * @property {string | null} url
 * @property {string | null} date
 * @property {string} summary
 * @property {number} words
 * @property {Picture | null} picture
 * @property {string | null} post
 * @property {string} why where the summary comes from
 * @property {number | null} shorter words of a shorter summary, if there is one
 * @property {number | null} longer
 * @property {boolean} ours whether compose's own words are another choice
 */

/**
 * An edit as edit_parser.py reads it.
 * @typedef {{ kind: string, [key: string]: unknown }} Edit
 */

/**
 * Two have changed the same place.
 * @typedef {object} Conflict
 * @property {string | null} mine
 * @property {string | null} theirs
 * @property {Edit | null} again the edit to make to have it one's own way
 * @property {DiffRun[]} words
 */

/**
 * What the server answers to a POST.
 * @typedef {object} EditAnswer
 * @property {boolean} ok
 * @property {number} status
 * @property {EditState} state
 * @property {string} said
 * @property {string} [problem]
 * @property {Conflict} conflict
 */

export {};
