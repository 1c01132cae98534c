import type { JuteReader } from "./jute-reader.ts";
import type { JuteWriter } from "./jute-writer.ts";
import { errorCodes, opCodes, readStat } from "./protocol.ts";
import type { NodeStat } from "./protocol.ts";
import type { NodeToCreate, Sender } from "./requests.ts";
import type { ConnectionLostError, ZooKeeperError } from "./zookeeper-error.ts";

/** One step of a transaction. A `check` passes if the node has that version. */
export type MultiStep =
  | ({ readonly step: "create" } & NodeToCreate)
  | { readonly step: "setData"; readonly path: string; readonly data: string; readonly version: number }
  | { readonly step: "delete"; readonly path: string; readonly version: number }
  | { readonly step: "check"; readonly path: string; readonly version: number };

export interface MultiHandler {
  /** All steps took effect, together. @param stat Of a `setData` among them, if there is one. */
  committed(zxid: number, stat: NodeStat | undefined): void;
  /** None took effect: the step `at` could not. */
  refused(code: number, at: number): void;
  /** A refusal of the request as such, or no answer. */
  failed(error: ZooKeeperError | ConnectionLostError): void;
}

/** A transaction: all steps, in their order and at once, or none. */
export function sendMulti(sender: Sender, steps: readonly MultiStep[], handler: MultiHandler): void {
  sender.send(opCodes.multi, (writer) => writeSteps(writer, steps), {
    answered: (reader, zxid) => readResults(reader, zxid, handler),
    failed: (error) => handler.failed(error),
  });
}

function writeSteps(writer: JuteWriter, steps: readonly MultiStep[]): void {
  for (const step of steps) {
    writer.int(opCodes[step.step]);
    writer.boolean(false);
    writer.int(-1);
    writer.text(step.path);
    if (step.step === "create") {
      writer.text(step.data);
      writer.raw(step.acl);
      writer.int(step.flags);
    } else {
      if (step.step === "setData") writer.text(step.data);
      writer.int(step.version);
    }
  }
  writer.int(-1);
  writer.boolean(true);
  writer.int(-1);
}

const failedStep = -1;

/** A refused transaction has an error for every step: `ok` before the one that could not, another code behind it. */
function readResults(reader: JuteReader, zxid: number, handler: MultiHandler): void {
  let stat: NodeStat | undefined;
  for (let at = 0; ; at++) {
    const type = reader.int();
    const done = reader.boolean();
    reader.skip(4); // the error once more
    if (done) break;
    if (type === failedStep) {
      const code = reader.int();
      if (code !== errorCodes.ok) return handler.refused(code, at);
    } else if (type === opCodes.create) reader.buffer();
    else if (type === opCodes.setData) stat = readStat(reader);
  }
  handler.committed(zxid, stat);
}
