import { createScript } from "./script.ts";

/*
 * Everything that the store decides, it decides here: one script call carries any number of groups, each whole or not at
 * all, in their order, by the server's clock. What it is sent says `encode-groups.ts`, what it answers `decode-reply.ts`.
 *
 * All keys are read by one MGET; groups are decided over what was read and what earlier groups of the call have changed;
 * each key that changed is written once, at the end. So nothing has to be taken back, and a key costs one command. Lists and
 * due indexes, which are rare, are read and written in place: they are of other keys.
 *
 * Redis refuses a script's write (OOM, READONLY, MISCONF, a slot that moves away) only while the script has written nothing.
 * Every key of the call is in the MGET, which a Cluster refuses if one of them is elsewhere. So a call that ends with an
 * error reply wrote nothing.
 *
 * A record is the text `<stamp: 16 digits><last ms of its life: 13 digits, 0 for good>` and then
 *   of a value  `:<value>`, or `=<full key text>\n<value>` where the key is collapsed (guarantees K3);
 *   of a lock   `u<owner>`, or `f<owner>` if the token is kept after release (fenced).
 * A stamp is a version, and the token of a lock. It never returns: it is the server's µs, or one more than the last stamp
 * (guarantees L2), which the clock key remembers over restarts and steps of the server's clock.
 */

/** `KEYS`: the clock key. `ARGV`: the request, then values. */
export const applyScript = createScript(`--!df flags=allow-undeclared-keys
local call, sub, format, tonumber = redis.call, string.sub, string.format, tonumber
local request = cjson.decode(ARGV[1])
local keys, words, groupCount = request[1], request[2], request[3]
local time = call('TIME')
local seconds, micros = tonumber(time[1]), tonumber(time[2])
local now = seconds * 1000 + math.floor(micros / 1000)
local found = call('MGET', KEYS[1], unpack(keys))
local base = seconds * 1000000 + micros
if found[1] and tonumber(found[1]) >= base then base = tonumber(found[1]) + 1 end

local retentionMs = ${24 * 60 * 60 * 1_000}
local forGood = '0000000000000'
local lastMs, lastMsKept = { ['0'] = forGood }, {}
local function lastMsOf(ttlMs, keptMs)
  local memo = keptMs and lastMsKept or lastMs
  local text = memo[ttlMs]
  if not text then
    text = format('%013d', math.min(now + tonumber(ttlMs) + (keptMs or 0) - 1, 9999999999999))
    memo[ttlMs] = text
  end
  return text
end

local maxCount = 9007199254740991
local function countOf(record)
  local text = sub(record, 30, 30) == ':' and sub(record, 31) or sub(record, string.find(record, '\\n', 31, true) + 1)
  local count = tonumber(text)
  if count and count >= -maxCount and count <= maxCount and format('%.0f', count) == text and text ~= '-0' then
    return count
  end
end

-- Of operations that come after a refusal: how many words and values they have.
local wordCounts = {
  get = 0, set = 1, compareAndSwap = 2, delete = 1, increment = 3, acquire = 3, extend = 2, release = 1,
  indexDue = 2, unindexDue = 1, takeDue = 3, append = 2, members = 0,
}
local valueCounts = { set = 1, compareAndSwap = 1, append = 1 }

local current, ends, changed, changedCount = {}, {}, {}, 0
local told, n = { format('%d', base), format('%d', now) }, 2
local reply, r = { '' }, 1
local p, k, v = 0, 0, 1
local kinds, names, texts, lives = {}, {}, {}, {}
local stamped = false

for g = 0, groupCount - 1 do
  local start, replied, planned = n + 1, r, 0
  local stamp, refusal, refusedAt, why, whyEnd, whyRecord
  n = start
  told[n] = '0'
  p = p + 1
  for at = 1, words[p] do
    k = k + 1
    p = p + 1
    local op, key, mark = words[p], keys[k], ':'
    local record = current[key]
    if record == nil then record = found[k + 1] end
    if op == 'fence' then
      local token = record and tonumber(sub(record, 1, 16))
      if not refusal and token and token > tonumber(words[p + 1]) then
        refusal, refusedAt, why = 'staleToken', at, format('%d', token)
      end
      k = k + 1
      p = p + 2
      op, key = words[p], keys[k]
      record = current[key]
      if record == nil then record = found[k + 1] end
    end
    if op == 'collapsed' then
      mark = words[p + 1]
      p = p + 2
      op = words[p]
    end
    if refusal then
      p = p + wordCounts[op]
      v = v + (valueCounts[op] or 0)
    elseif op == 'acquire' then
      local owner, leaseMs, flag = words[p + 1], words[p + 2], words[p + 3]
      p = p + 3
      local last = record and sub(record, 17, 29)
      if last and tonumber(last) >= now then
        refusal, refusedAt, why = 'held', at, last
      else
        stamp = stamp or format('%016d', base + g)
        if record and sub(record, 30, 30) == 'f' then flag = 'f' end
        local ending = lastMsOf(leaseMs)
        planned = planned + 1
        kinds[planned], names[planned], texts[planned] = 'record', key, stamp .. ending .. flag .. owner
        lives[planned] = flag == 'f' and lastMsOf(leaseMs, retentionMs) or ending
      end
    elseif op == 'release' or op == 'extend' then
      n = n + 1
      if record and sub(record, 31) == words[p + 1] and tonumber(sub(record, 17, 29)) >= now then
        told[n] = '1'
        planned = planned + 1
        kinds[planned], names[planned] = 'record', key
        local token, flag = sub(record, 1, 16), sub(record, 30, 30)
        if op == 'extend' then
          local leaseMs = words[p + 2]
          local ending = lastMsOf(leaseMs)
          texts[planned] = token .. ending .. sub(record, 30)
          lives[planned] = flag == 'f' and lastMsOf(leaseMs, retentionMs) or ending
        elseif flag == 'f' then
          texts[planned], lives[planned] = token .. forGood .. flag, lastMsOf('0', retentionMs)
        else
          texts[planned], lives[planned] = false, forGood
        end
      else
        told[n] = '0'
      end
      p = p + wordCounts[op]
    elseif op == 'compareAndSwap' or op == 'set' then
      v = v + 1
      p = p + 1
      local allowed = op == 'set'
      if not allowed then
        local expected = words[p]
        p = p + 1
        if record then allowed = sub(record, 1, 16) == expected else allowed = expected == 'absent' end
      end
      if allowed then
        stamp = stamp or format('%016d', base + g)
        local ending = lastMsOf(words[p])
        planned = planned + 1
        kinds[planned], names[planned], texts[planned] = 'record', key, stamp .. ending .. mark .. ARGV[v]
        lives[planned] = ending
      elseif record then
        refusal, refusedAt, whyRecord = 'found', at, record
      else
        refusal, refusedAt = 'absent', at
      end
    elseif op == 'increment' then
      local delta, ttlMs, atMost = words[p + 1], words[p + 2], words[p + 3] or maxCount
      p = p + 3
      local count, ending = 0, nil
      if record then count, ending = countOf(record), sub(record, 17, 29) end
      if not count then
        refusal, refusedAt, whyRecord = 'found', at, record
      elseif count + delta > atMost then
        refusal, refusedAt, why, whyEnd = 'counted', at, format('%d', count), ending or forGood
      else
        ending = ending or lastMsOf(ttlMs)
        stamp = stamp or format('%016d', base + g)
        local text = format('%d', count + delta)
        planned = planned + 1
        kinds[planned], names[planned], texts[planned] = 'record', key, stamp .. ending .. mark .. text
        lives[planned] = ending
        told[n + 1], told[n + 2] = text, ending
        n = n + 2
      end
    elseif op == 'delete' then
      local expected = words[p + 1]
      p = p + 1
      n = n + 1
      told[n] = '1'
      planned = planned + 1
      names[planned] = key
      if record and (expected == '' or sub(record, 1, 16) == expected) then
        kinds[planned], texts[planned], lives[planned] = 'record', false, forGood
      elseif record then
        refusal, refusedAt, whyRecord = 'found', at, record
      elseif expected ~= '' then
        refusal, refusedAt = 'absent', at
      elseif current[key] == nil and call('EXISTS', key) == 1 then
        kinds[planned] = 'delete'
      else
        planned = planned - 1
        told[n] = '0'
      end
    elseif op == 'get' then
      r = r + 1
      reply[r] = record
    elseif op == 'indexDue' then
      planned = planned + 1
      kinds[planned], names[planned], texts[planned], lives[planned] = 'index', key, words[p + 1], words[p + 2]
      p = p + 2
    elseif op == 'unindexDue' then
      p = p + 1
      n = n + 1
      told[n] = '0'
      if call('ZSCORE', key, words[p]) then
        told[n] = '1'
        planned = planned + 1
        kinds[planned], names[planned], texts[planned] = 'unindex', key, words[p]
      end
    elseif op == 'takeDue' then
      local nowMs, limit, holdMs = words[p + 1], words[p + 2], words[p + 3]
      p = p + 3
      local due = call('ZRANGEBYSCORE', key, '-inf', nowMs, 'WITHSCORES', 'LIMIT', 0, limit)
      if holdMs > 0 then
        for i = 1, #due, 2 do call('ZADD', key, nowMs + holdMs, due[i]) end
      end
      r = r + 1
      reply[r] = due
    elseif op == 'append' then
      local ttlMs, atMost = words[p + 1], words[p + 2]
      p = p + 2
      v = v + 1
      local length = call('LLEN', key)
      if atMost and length >= atMost then
        refusal, refusedAt, why = 'full', at, format('%d', length)
      else
        planned = planned + 1
        kinds[planned], names[planned], texts[planned] = 'append', key, ARGV[v]
        lives[planned] = length == 0 and lastMsOf(ttlMs) or forGood
        n = n + 1
        told[n] = format('%d', length + 1)
      end
    else
      r = r + 1
      reply[r] = call('LRANGE', key, 0, -1)
    end
  end
  if refusal then
    told[start], told[start + 1], told[start + 2], told[start + 3] = format('%d', refusedAt), refusal, why, whyEnd
    n = start + 1 + (why and 1 or 0) + (whyEnd and 1 or 0)
    for i = replied + 1, r do reply[i] = nil end
    r = replied
    if whyRecord then
      r = r + 1
      reply[r] = whyRecord
    end
  else
    if stamp then stamped = true end
    for i = 1, planned do
      local kind, key = kinds[i], names[i]
      if kind == 'record' then
        if not ends[key] then
          changedCount = changedCount + 1
          changed[changedCount] = key
        end
        current[key], ends[key] = texts[i], lives[i]
      elseif kind == 'index' then
        call('ZADD', key, lives[i], texts[i])
      elseif kind == 'unindex' then
        call('ZREM', key, texts[i])
      elseif kind == 'append' then
        call('RPUSH', key, texts[i])
        if lives[i] ~= forGood then call('PEXPIREAT', key, lives[i]) end
      else
        call('DEL', key)
      end
    end
  end
end

local gone, goneCount, kept, keptCount = {}, 0, {}, 0
for i = 1, changedCount do
  local key = changed[i]
  local record = current[key]
  if not record then
    goneCount = goneCount + 1
    gone[goneCount] = key
  elseif ends[key] == forGood then
    kept[keptCount + 1], kept[keptCount + 2] = key, record
    keptCount = keptCount + 2
  else
    call('SET', key, record, 'PXAT', ends[key])
  end
end
if keptCount > 0 then call('MSET', unpack(kept)) end
if stamped then call('SET', KEYS[1], format('%016d', base + groupCount - 1), 'PX', retentionMs) end
if goneCount > 0 then call('DEL', unpack(gone)) end
reply[1] = table.concat(told, ' ', 1, n)
return reply
`);
