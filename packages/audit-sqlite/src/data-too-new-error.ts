import { ActeonError } from "@acteon/core";

/** The trail was written by a newer version, whose format this one does not know. Nothing was changed (guarantees §8 row 67). */
export class DataTooNewError extends ActeonError {
  override readonly name = "DataTooNewError";
  readonly code = "data_too_new";
  readonly publicMessage = "stored data is of a newer format";
  readonly path: string;
  readonly foundFormat: number;
  readonly knownFormat: number;

  constructor(path: string, { foundFormat, knownFormat }: Readonly<Record<"foundFormat" | "knownFormat", number>>) {
    super(`${path} has format ${foundFormat}; this version of Acteon knows formats up to ${knownFormat}`);
    this.path = path;
    this.foundFormat = foundFormat;
    this.knownFormat = knownFormat;
  }
}
