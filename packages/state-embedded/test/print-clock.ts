import { thisHost } from "../src/host.ts";

process.send?.(thisHost().sinceBootMs());
