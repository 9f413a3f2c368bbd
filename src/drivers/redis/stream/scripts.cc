#include "drivers/redis/stream/scripts.h"

#include "drivers/redis/stream/pieces.h"

namespace prism::redis::streams {

constexpr Lua kAppendSource = kBase + kAppending + Lua(R"(
local fields = {'n', 0}
for i = 4, #ARGV do fields[i - 1] = ARGV[i] end
local id = append(fields)
trim()
wake()
return id
)");
const Script kAppend(kAppendSource.view());

constexpr Lua kReadSource = kBase + Lua(R"(
trim()
wake()
scan(ARGV[4], ARGV[5], tonumber(ARGV[6]), add)
return page
)");
const Script kRead(kReadSource.view());

constexpr Lua kLatestSource = kBase + Lua(R"(
trim()
wake()
return {call('XLEN', stream), call('HGET', meta, 'last')}
)");
const Script kLatest(kLatestSource.view());

constexpr Lua kSetRetentionSource = kBase + Lua(R"(
call('HSET', meta, 'x', 1)
for i, bound in ipairs({'age', 'bytes', 'records'}) do
  if ARGV[3 + i] == '' then
    call('HDEL', meta, bound)
  else
    call('HSET', meta, bound, ARGV[3 + i])
  end
end
if ARGV[4] == '' then
  call('ZREM', ARGV[7], ARGV[8])
else
  call('ZADD', ARGV[7], 0, ARGV[8])
end
return 1
)");
const Script kSetRetention(kSetRetentionSource.view());

constexpr Lua kGetRetentionSource = kBase + Lua(R"(
if call('EXISTS', meta) == 0 then return false end
return call('HMGET', meta, 'age', 'bytes', 'records')
)");
const Script kGetRetention(kGetRetentionSource.view());

constexpr Lua kTrimSource = kBase + Lua(R"(
local done = trim()
wake()
local age = call('HGET', meta, 'age')
if age then
  local oldest = call('XLEN', stream) > 0 and call('HGET', meta, 'o') or now / 1000
  call('ZADD', ARGV[4], math.max(oldest + age, now / 1000 + 10000), ARGV[5])
else
  call('ZREM', ARGV[4], ARGV[5])
end
return done
)");
const Script kTrim(kTrimSource.view());

const Script kDue(R"(
local time = redis.call('TIME')
local now = time[1] * 1000
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 100)
for _, name in ipairs(due) do redis.call('ZADD', KEYS[1], now + 10000, name) end
return due
)");

constexpr Lua kCompactSource = kBase + Lua(R"(
local from, seen = ARGV[4], ARGV[5]
local count = step()
local entries = call('XREVRANGE', stream, from, '-', 'COUNT', count)
local ids, bytes = {}, 0
for _, entry in ipairs(entries) do
  local fields = entry[2]
  if fields[5] == 'k' and call('SADD', seen, redis.sha1hex(fields[6])) == 0 then
    ids[#ids + 1] = entry[1]
    bytes = bytes + size(fields)
  end
end
call('EXPIRE', seen, ARGV[6])
forget(ids, bytes)
wake()
if #entries < count then return {#ids} end
return {#ids, '(' .. entries[count][1]}
)");
const Script kCompact(kCompactSource.view());

constexpr Lua kDeleteSource = kBase + kDropping + Lua(R"(
if call('EXISTS', meta) == 0 then return 0 end
for _, group in ipairs(call('HVALS', groups)) do drop(group) end
call('UNLINK', stream, meta, groups)
call('ZREM', ARGV[4], ARGV[5])
wake()
return 1
)");
const Script kDelete(kDeleteSource.view());

constexpr Lua kPublishSource = kBase + kAppending + Lua(R"(
local id = append({'n', 0, 'p', ARGV[5]})
call('PUBLISH', ARGV[4], ARGV[5])
trim()
return id
)");
const Script kPublish(kPublishSource.view());

constexpr Lua kSweepSource = kBase + kNeeding + Lua(R"(
if call('EXISTS', groups) == 0 then
  return trim() == 0 and ARGV[4]
end
local ids, numbers, sizes = {}, {}, {}
scan(ARGV[4], '+', 250, function(entry)
  ids[#ids + 1] = entry[1]
  numbers[#ids] = tonumber(entry[2][2])
  sizes[#ids] = size(entry[2])
  return true
end)
remove_unneeded(ids, numbers, sizes)
wake()
return #ids == 250 and '(' .. ids[250]
)");
const Script kSweep(kSweepSource.view());

}  // namespace prism::redis::streams
