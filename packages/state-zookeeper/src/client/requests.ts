import type { ReplyHandler } from "./connection.ts";
import type { JuteReader } from "./jute-reader.ts";
import type { JuteWriter } from "./jute-writer.ts";
import { errorCodes, opCodes, readStat } from "./protocol.ts";
import type { NodeStat } from "./protocol.ts";
import { ZooKeeperError } from "./zookeeper-error.ts";

/** What requests are sent by: a connection, or a session. */
export interface Sender {
  send(type: number, write: (writer: JuteWriter) => void, handler: ReplyHandler): void;
}

export interface NodeData {
  readonly data: Buffer;
  readonly stat: NodeStat;
}

/** `undefined`: there is no such node. */
export function getData(sender: Sender, path: string): Promise<NodeData | undefined> {
  return orAbsent(
    ask(sender, opCodes.getData, pathAndWatch(path), (reader) => {
      const data = reader.buffer();
      return { data, stat: readStat(reader) };
    }),
  );
}

/** `undefined`: there is no such node. With `watch`, the next change of it is told to the session's listeners, once. */
export function exists(sender: Sender, path: string, watch = false): Promise<NodeStat | undefined> {
  return orAbsent(ask(sender, opCodes.exists, pathAndWatch(path, watch), readStat));
}

/** Names, without their path; `undefined`: there is no such node. */
export function getChildren(
  sender: Sender,
  path: string,
): Promise<{ readonly names: readonly string[]; readonly stat: NodeStat } | undefined> {
  return orAbsent(
    ask(sender, opCodes.getChildren2, pathAndWatch(path), (reader) => {
      const names = Array.from({ length: Math.max(reader.int(), 0) }, () => reader.text());
      return { names, stat: readStat(reader) };
    }),
  );
}

/** What the server that we talk to knows after it is at least what any client had acknowledged before. */
export function sync(sender: Sender, path: string): Promise<void> {
  return ask(sender, opCodes.sync, (writer) => writer.text(path), nothing);
}

export interface NodeToCreate {
  readonly path: string;
  readonly data: string;
  /** `writeAcl`, encoded. */
  readonly acl: Uint8Array;
  readonly flags: number;
}

/** The path, which for a sequential node is longer than what was asked for. */
export function create(
  sender: Sender,
  node: NodeToCreate,
): Promise<{ readonly path: string; readonly stat: NodeStat }> {
  return ask(sender, opCodes.create2, createBody(node), (reader) => {
    const path = reader.text();
    return { path, stat: readStat(reader) };
  });
}

/** A node that the servers delete once it has no children any more. */
export async function createContainer(sender: Sender, node: NodeToCreate): Promise<void> {
  await ask(sender, opCodes.createContainer, createBody(node), nothing);
}

export function setData(sender: Sender, path: string, data: string, version: number): Promise<NodeStat> {
  const write = (writer: JuteWriter): void => {
    writer.text(path);
    writer.text(data);
    writer.int(version);
  };
  return ask(sender, opCodes.setData, write, readStat);
}

export function deleteNode(sender: Sender, path: string, version: number): Promise<void> {
  const write = (writer: JuteWriter): void => {
    writer.text(path);
    writer.int(version);
  };
  return ask(sender, opCodes.delete, write, nothing);
}

const persistentRecursive = 1;

/** Every change under `path`, and of it, is told until the connection is lost. */
export function addRecursiveWatch(sender: Sender, path: string): Promise<void> {
  const write = (writer: JuteWriter): void => {
    writer.text(path);
    writer.int(persistentRecursive);
  };
  return ask(sender, opCodes.addWatch, write, nothing);
}

const watchersOfAnyType = 3;

/** Ends what `addRecursiveWatch` began. */
export function removeWatches(sender: Sender, path: string): Promise<void> {
  const write = (writer: JuteWriter): void => {
    writer.text(path);
    writer.int(watchersOfAnyType);
  };
  return ask(sender, opCodes.removeWatches, write, nothing);
}

function ask<Answer>(
  sender: Sender,
  type: number,
  write: (writer: JuteWriter) => void,
  read: (reader: JuteReader) => Answer,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  sender.send(type, write, { answered: (reader) => resolve(read(reader)), failed: reject });
  return promise;
}

async function orAbsent<Answer>(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ZooKeeperError && error.code === errorCodes.noNode) return undefined;
    throw error;
  }
}

function pathAndWatch(path: string, watch = false): (writer: JuteWriter) => void {
  return (writer) => {
    writer.text(path);
    writer.boolean(watch);
  };
}

function createBody({ path, data, acl, flags }: NodeToCreate): (writer: JuteWriter) => void {
  return (writer) => {
    writer.text(path);
    writer.text(data);
    writer.raw(acl);
    writer.int(flags);
  };
}

function nothing(): void {}
