/**
 * Files as everything here needs them: there or not, read with a bound, replaced whole, appended
 * whole, locked; and the names of a result's files. Errors are the system's own, for the caller to
 * say what it was doing: {@linkcode fileReason} has the rest of the sentence, and
 * {@linkcode networkReason} that of what came over a network.
 */
export { appendWhole, lastLineEnd, type OutputFile, readAt, writeWhole } from "./append.ts";
export {
  decodeText,
  FileRefusal,
  readRegularFile,
  readRegularText,
  type RegularFile,
} from "./bounded.ts";
export { fileNameOf } from "./file_name.ts";
export { lockFile, openLocked } from "./lock.ts";
export { makeFolder } from "./make_folder.ts";
export { networkReason } from "./network_reason.ts";
export { fileReason } from "./reason.ts";
export { removeIfThere } from "./remove.ts";
export { replaceBy, replaceFile, syncPath, temporaryOf, writeNew } from "./replace.ts";
export {
  FIGURES_FOLDER,
  JOURNAL_FILE,
  REPORT_HTML_FILE,
  REPORT_MARKDOWN_FILE,
  RESULT_FILE,
} from "./result_files.ts";
export { isFile, isFolder, isNotThere, isTaken, isThere } from "./there.ts";
export { WorkFolder } from "./work_folder.ts";
