// The exit codes of the `moose` command: a closed list.
import type { ErrorCode } from "../model/errors.ts";

export const exitCodes = {
  ok: 0,
  bug: 1,
  usage: 2,
  project: 3,
  portInUse: 4,
  dataFolderInUse: 5,
  diskFull: 6,
  /** Something else outside the command is broken: the engine does not start, a server is not reachable. */
  unavailable: 7,
  nodeTooOld: 8,
  /** `moose audit` found events that are missing, doubled or late. */
  unaccounted: 9,
  /** Entries of quarantine that still do not fit. */
  notReplayed: 10,
  /** Ended at once by a second signal, or by the deadline of a shutdown. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export function exitCodeOf(code: ErrorCode): ExitCode {
  switch (code) {
    case "project_invalid":
    case "config_invalid":
      return exitCodes.project;
    case "port_in_use":
      return exitCodes.portInUse;
    case "data_folder_in_use":
      return exitCodes.dataFolderInUse;
    case "disk_full":
      return exitCodes.diskFull;
    default:
      return exitCodes.unavailable;
  }
}
