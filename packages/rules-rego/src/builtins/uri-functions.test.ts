import { testCalls } from "./testing.ts";

testCalls([
  [
    "uri.parse",
    ["HTTPS://user:pw@example.com:8080/a%20b?q=1#top%20x"],
    '{"fragment": "top x", "hostname": "example.com", "path": "/a b", "port": "8080", "raw_path": "/a b", "raw_query": "q=1", "scheme": "https"}',
  ],
  ["uri.parse", ["/a%2Fb"], '{"path": "/a/b", "raw_path": "/a%2Fb"}'],
  [
    "uri.parse",
    ["http://[fe80::1%25en0]:80/"],
    '{"hostname": "fe80::1%en0", "path": "/", "port": "80", "raw_path": "/", "scheme": "http"}',
  ],
  ["uri.parse", ["http://ex%C3%A9.de"], '{"hostname": "exé.de", "scheme": "http"}'],
  ["uri.parse", ["mailto:a@b"], '{"scheme": "mailto"}'],
  [
    "uri.parse",
    ["spiffe://trust.domain/ns/x"],
    '{"hostname": "trust.domain", "path": "/ns/x", "raw_path": "/ns/x", "scheme": "spiffe"}',
  ],
  ["uri.parse", [""], "{}"],
  ["uri.parse", ["http://exa%6dple.com/"], "fault"],
  ["uri.parse", [":x"], "fault"],
  ["uri.parse", [1], "mismatch"],
  ["uri.is_valid", ["a/b"], "true"],
  ["uri.is_valid", [""], "false"],
  ["uri.is_valid", ["a:b:c"], "true"],
  ["uri.is_valid", ["1a:b"], "false"],
  ["uri.is_valid", ["http://a:x"], "false"],
  ["uri.is_valid", ["http://::1/"], "false"],
  ["uri.is_valid", ["http://[::1"], "false"],
  ["uri.is_valid", ["http://u @h"], "false"],
  ["uri.is_valid", ["/%zz"], "false"],
  ["uri.is_valid", ["/a\nb"], "false"],
  ["uri.is_valid", [1], "false"],
]);
