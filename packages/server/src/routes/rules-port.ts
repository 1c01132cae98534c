import type { Action } from "@acteon/core";
import type { ExplainOptions, Explanation, GatedStatePort, RuleEnvironment, RuleSummary } from "@acteon/rules";

/** What the routes ask of the rules in force. */
export interface RulesPort {
  /** In evaluation order. */
  list(): readonly RuleSummary[];
  /**
   * Reads rule files again; the old rules stay when there is an error in one.
   *
   * @param directory Of the rules, or one below it; all of them unless given.
   * @throws {RuleLoadError} Every problem of every file.
   * @throws {RequestError} There is no such directory, or it lies elsewhere.
   */
  reload(directory: string | undefined): Promise<{ readonly rules: number; readonly directory: string }>;
  /** The first rule of that name, until the next load. False: there is none. */
  setEnabled(name: string, enabled: boolean): boolean;
  /** IANA name: what a rule without a time zone of its own has. */
  readonly timezone: string;
  /** Why an action is decided as it is, under the rules in force. */
  explain(
    action: Action,
    state: GatedStatePort,
    environment: RuleEnvironment,
    options: ExplainOptions,
  ): Promise<Explanation>;
}
