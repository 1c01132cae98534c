import {
  BatchGetItemCommand,
  DeleteItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactGetItemsCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type {
  CancellationReason,
  DeleteItemCommandInput,
  DynamoDBClient,
  PutItemCommandInput,
  QueryCommandInput,
  ScanCommandInput,
  TransactWriteItem,
  UpdateItemCommandInput,
} from "@aws-sdk/client-dynamodb";
import { StateUnavailableError } from "@acteon/core";
import type { Clock, Random } from "@acteon/core";
import type { ConnectionCounts } from "@acteon/state";
import { failureOf, silenceHelp, unavailable } from "./dynamo-errors.ts";
import type { RequestFailure } from "./dynamo-errors.ts";
import { Slots } from "./slots.ts";
import { itemId } from "./table-layout.ts";
import type { Item } from "./table-layout.ts";

/** The part of a call to the store that has one deadline: each request is tried again within it, where that is sound. */
export interface Turn {
  /** Monotonic. */
  readonly untilMs: number;
  readonly signal: AbortSignal;
}

/** What became of a write with conditions. */
export type WriteOutcome =
  /** `attributes`: what the request asked to be told. */
  | { readonly kind: "written"; readonly attributes: Item | undefined }
  /** Nothing was. A reason an item, in the order of the request. */
  | { readonly kind: "refused"; readonly reasons: readonly CancellationReason[] };

export interface DynamoCallsOptions {
  readonly client: Pick<DynamoDBClient, "send" | "destroy">;
  readonly table: string;
  /** Address and table, for messages. */
  readonly where: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly maxConnections: number;
  readonly callTimeoutMs: number;
}

/** The requests that the store makes, each with an answer or a `StateUnavailableError` within its turn. */
export class DynamoCalls {
  readonly table: string;
  readonly #client: DynamoCallsOptions["client"];
  readonly #options: DynamoCallsOptions;
  readonly #slots: Slots;
  readonly #closed = new AbortController();

  constructor(options: DynamoCallsOptions) {
    this.table = options.table;
    this.#client = options.client;
    this.#options = options;
    this.#slots = new Slots(options.maxConnections);
  }

  get connections(): ConnectionCounts {
    return this.#slots.counts;
  }

  /** @throws {StateUnavailableError} Closed. */
  async inTurn<T>(work: (turn: Turn) => Promise<T>): Promise<T> {
    this.#closed.signal.throwIfAborted();
    const { clock, callTimeoutMs, where } = this.#options;
    const over = new AbortController();
    const cancel = clock.after(callTimeoutMs, () =>
      over.abort(
        new StateUnavailableError(`DynamoDB at ${where} did not answer within ${callTimeoutMs} ms`, {
          help: silenceHelp,
        }),
      ),
    );
    const signal = AbortSignal.any([over.signal, this.#closed.signal]);
    try {
      return await work({ untilMs: clock.monotonicMs() + callTimeoutMs, signal });
    } finally {
      cancel();
    }
  }

  /** Strongly consistent; any number of keys, each of them once. By `itemId`: those that there are. */
  async read(keys: readonly Item[], turn: Turn): Promise<ReadonlyMap<string, Item>> {
    const found = new Map<string, Item>();
    const pages = Array.from({ length: Math.ceil(keys.length / maxItemsTogether) }, (_, i) =>
      keys.slice(i * maxItemsTogether, (i + 1) * maxItemsTogether),
    );
    await Promise.all(
      pages.map(async (page) => {
        // What did not fit into an answer of 16 MB, or was throttled, is asked for again.
        for (let left: readonly Item[] = page, tries = 0; left.length > 0; tries++) {
          if (tries > 0) await this.pause(tries, turn);
          const asked = new BatchGetItemCommand({
            RequestItems: { [this.table]: { Keys: [...left], ConsistentRead: true } },
          });
          const { Responses, UnprocessedKeys } = await this.#answer(turn, (o) => this.#client.send(asked, o));
          for (const item of Responses?.[this.table] ?? []) found.set(itemId(item), item);
          left = UnprocessedKeys?.[this.table]?.Keys ?? [];
        }
      }),
    );
    return found;
  }

  /** All at one moment; up to 100 keys. */
  async readTogether(keys: readonly Item[], turn: Turn): Promise<ReadonlyMap<string, Item>> {
    const asked = new TransactGetItemsCommand({
      TransactItems: keys.map((Key) => ({ Get: { TableName: this.table, Key } })),
    });
    const { Responses = [] } = await this.#answer(turn, (o) => this.#client.send(asked, o));
    return new Map(Responses.flatMap(({ Item: item }) => (item === undefined ? [] : [[itemId(item), item]])));
  }

  /**
   * Whole or not at all; up to 100 items. A request whose answer was lost is sent again under the same token, by which
   * DynamoDB knows it for ten minutes: it is carried out once.
   */
  async writeTogether(writes: readonly TransactWriteItem[], turn: Turn): Promise<WriteOutcome> {
    const asked = new TransactWriteItemsCommand({
      TransactItems: [...writes],
      ClientRequestToken: this.#options.random.uuid(),
    });
    return this.#outcome("again", turn, (o) => this.#client.send(asked, o));
  }

  /** One item, by its own request, which is not sent again when its answer is lost: it may or may not have been carried out. */
  put(input: PutItemCommandInput, turn: Turn): Promise<WriteOutcome> {
    return this.#outcome("once", turn, (o) => this.#client.send(new PutItemCommand(input), o));
  }

  /** As `put`. `tooLarge`: the item would be; nothing was done. */
  async update(input: UpdateItemCommandInput, turn: Turn): Promise<WriteOutcome | { readonly kind: "tooLarge" }> {
    const answer = await this.#try("once", turn, (o) => this.#client.send(new UpdateItemCommand(input), o));
    if (answer.kind === "failed" && answer.failure.kind === "tooLarge") return { kind: "tooLarge" };
    return this.#outcomeOf(answer);
  }

  /** As `put`. */
  delete(input: DeleteItemCommandInput, turn: Turn): Promise<WriteOutcome> {
    return this.#outcome("once", turn, (o) => this.#client.send(new DeleteItemCommand(input), o));
  }

  /** One page, strongly consistent. */
  query(input: Omit<QueryCommandInput, "TableName">, turn: Turn): Promise<Page> {
    const asked = new QueryCommand({ ...input, TableName: this.table, ConsistentRead: true });
    return this.#answer(turn, (o) => this.#client.send(asked, o));
  }

  /** One page, strongly consistent. */
  scan(input: Omit<ScanCommandInput, "TableName">, turn: Turn): Promise<Page> {
    const asked = new ScanCommand({ ...input, TableName: this.table, ConsistentRead: true });
    return this.#answer(turn, (o) => this.#client.send(asked, o));
  }

  /** Full jitter from 4 ms on. @param tries How often it was tried in vain. */
  async pause(tries: number, { signal }: Turn): Promise<void> {
    const delayMs = this.#options.random.next() * Math.min(slowestPauseMs, firstPauseMs * 2 ** tries);
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        cancel();
        reject(signal.reason);
      };
      const cancel = this.#options.clock.after(delayMs, () => {
        signal.removeEventListener("abort", leave);
        resolve();
      });
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  close(): void {
    this.#closed.abort(new StateUnavailableError("the DynamoDB store is closed"));
    this.#client.destroy();
  }

  async #outcome(resend: Resend, turn: Turn, send: Send<WriteAnswer>): Promise<WriteOutcome> {
    return this.#outcomeOf(await this.#try(resend, turn, send));
  }

  #outcomeOf(answer: Tried<WriteAnswer>): WriteOutcome {
    if (answer.kind === "answered") return { kind: "written", attributes: answer.output.Attributes };
    if (answer.failure.kind === "refused") return answer.failure;
    throw unavailable(answer.failure, this.#options.where, answer.cause);
  }

  /** Of a request that changes nothing. */
  async #answer<Output>(turn: Turn, send: Send<Output>): Promise<Output> {
    const answer = await this.#try("again", turn, send);
    if (answer.kind === "answered") return answer.output;
    throw unavailable(answer.failure, this.#options.where, answer.cause);
  }

  /**
   * Whatever did nothing because the server was busy is tried again until the turn is over; what may have done something, as
   * `resend` says. If such a one is refused then, its first sending may still be on its way: nobody knows.
   */
  async #try<Output>(resend: Resend, turn: Turn, send: Send<Output>): Promise<Tried<Output>> {
    let lost: Extract<Tried<Output>, { kind: "failed" }> | undefined;
    for (let tries = 0; ; tries++) {
      if (tries > 0) await this.pause(tries, turn);
      await this.#slots.take(turn.signal);
      try {
        return { kind: "answered", output: await send({ abortSignal: turn.signal }) };
      } catch (cause) {
        if (turn.signal.aborted) throw turn.signal.reason;
        const failed = { kind: "failed", failure: failureOf(cause), cause } as const;
        const { kind } = failed.failure;
        if (kind === "unanswered") lost = failed;
        const again = kind === "busy" || (kind === "unanswered" && resend === "again" && tries < maxResends);
        if (!again || this.#options.clock.monotonicMs() + slowestPauseMs > turn.untilMs) return lost ?? failed;
      } finally {
        this.#slots.give();
      }
    }
  }
}

/** May a request whose answer was lost be sent again? */
type Resend = "again" | "once";
type Send<Output> = (options: { readonly abortSignal: AbortSignal }) => Promise<Output>;
/** Of a transaction, which tells none, too. */
interface WriteAnswer {
  readonly $metadata: object;
  readonly Attributes?: Item | undefined;
}
type Tried<Output> =
  | { readonly kind: "answered"; readonly output: Output }
  | { readonly kind: "failed"; readonly failure: RequestFailure; readonly cause: unknown };

export interface Page {
  readonly Items?: Item[] | undefined;
  /** Where the next page begins; the last has none. */
  readonly LastEvaluatedKey?: Item | undefined;
}

/** Of `BatchGetItem` and of transactions. */
export const maxItemsTogether = 100;

/** Lost answers that are borne in one turn: a connection that was idle for too long, and one more. */
const maxResends = 3;
const firstPauseMs = 2;
const slowestPauseMs = 200;
