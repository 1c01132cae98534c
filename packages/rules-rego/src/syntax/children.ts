import type { Statement, Term } from "./ast.ts";

/** The nodes right below a node, in source order. */
export function childrenOf(node: Term | Statement): readonly (Term | Statement)[] {
  switch (node.kind) {
    case "scalar":
    case "var":
    case "hole":
      return [];
    case "template":
      return node.parts.filter((part) => typeof part !== "string");
    case "ref":
      return [node.head, ...node.path];
    case "array":
    case "set":
      return node.items;
    case "object":
      return node.entries.flat();
    case "call":
      return node.args;
    case "comprehension":
      return [...present(node.key), node.value, ...node.body];
    case "expr":
      return [node.term, ...modifiersOf(node)];
    case "some":
      return [...node.names, ...modifiersOf(node)];
    case "someIn":
      return [...present(node.key), node.value, node.collection, ...modifiersOf(node)];
    case "every":
      return [...present(node.key), node.value, node.collection, ...node.body, ...modifiersOf(node)];
  }
}

function present(term: Term | undefined): readonly Term[] {
  return term === undefined ? [] : [term];
}

function modifiersOf({ with: modifiers }: Statement): readonly Term[] {
  return modifiers.flatMap(({ target, value }) => [target, value]);
}
