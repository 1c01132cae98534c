export { dynamodbBackend } from "./dynamodb-backend.ts";
export { DynamoDbStateStore } from "./dynamodb-state-store.ts";
export { openDynamoDbState } from "./open-dynamodb-state.ts";
export type { DynamoDbStateOptions } from "./open-dynamodb-state.ts";
