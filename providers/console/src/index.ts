export { consoleProvider, logProvider } from "./console-provider.ts";
