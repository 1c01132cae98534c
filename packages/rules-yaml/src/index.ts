export { yamlFrontEnd } from "./yaml-front-end.ts";
