import { isIPv4, isIPv6 } from "node:net";
import { compileRegex } from "@acteon/rules";
import { parseTime } from "./go-time-parse.ts";
import { isUri } from "./uri-functions.ts";

/** Is the text of a format that a schema names? Of one that nobody knows every text is. */
export function isOfFormat(text: string, format: string): boolean {
  return formats.get(format)?.(text) ?? true;
}

const hostname =
  /^(?=.{1,255}$)[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?(?:\.[A-Za-z\d](?:[A-Za-z\d-]{0,61}[A-Za-z\d])?)*$/;
const email = /^[^\s@<>]+@[^\s@<>]+$/;

const dateTimeLayouts = ["15:04:05", "15:04:05Z07:00", "2006-01-02", "RFC3339", "RFC3339Nano"];

const formats: ReadonlyMap<string, (text: string) => boolean> = new Map([
  ["date", (text) => parseTime("2006-01-02", text) !== undefined],
  ["time", (text) => ["15:04:05", "15:04:05Z07:00"].some((layout) => parseTime(layout, text) !== undefined)],
  ["date-time", (text) => dateTimeLayouts.some((layout) => parseTime(layout, text) !== undefined)],
  ["email", (text) => email.test(text)],
  ["idn-email", (text) => email.test(text)],
  ["hostname", (text) => hostname.test(text)],
  ["ipv4", isIPv4],
  ["ipv6", isIPv6],
  ["uri", (text) => isUri(text, true)],
  ["uri-reference", (text) => isUri(text, false)],
  ["iri", (text) => isUri(text, true)],
  ["iri-reference", (text) => isUri(text, false)],
  ["uri-template", (text) => !/[{}]/.test(text.replaceAll(/\{[^{}]*\}/g, ""))],
  ["uuid", (text) => /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text)],
  ["regex", (text) => compileRegex(text).kind === "compiled"],
  ["json-pointer", (text) => /^(?:\/(?:[^/~]|~[01])*)*$/.test(text)],
  ["relative-json-pointer", (text) => /^(?:0|[1-9]\d*)(?:#|(?:\/(?:[^/~]|~[01])*)*)$/.test(text)],
]);
