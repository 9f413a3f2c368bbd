#include "drivers/redis/keyvalue/scripts.h"

namespace prism::redis {

const Script kSet(R"(
redis.call('ZADD', KEYS[2], 0, ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2])
return 1
)");

const Script kDelete(R"(
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
return redis.call('DEL', KEYS[1])
)");

const Script kExpire(R"(
local now = redis.call('TIME')
local at = now[1] * 1000 + math.floor(now[2] / 1000) + tonumber(ARGV[2])
local text = string.format('%.0f', at)
if redis.call('PEXPIREAT', KEYS[1], text) == 0 then return 0 end
redis.call('ZADD', KEYS[2], text, ARGV[1])
return 1
)");

const Script kPersist(R"(
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return 1 + redis.call('PERSIST', KEYS[1])
)");

const Script kCompareAndSwap(R"(
local actual = redis.call('GET', KEYS[1])
if ARGV[3] ~= nil then
  if actual ~= ARGV[3] then return actual end
elseif actual then
  return actual
end
redis.call('ZADD', KEYS[2], 0, ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('SET', KEYS[1], ARGV[2])
return 1
)");

const Script kCompareAndDelete(R"(
local actual = redis.call('GET', KEYS[1])
if actual ~= ARGV[2] then return actual end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('DEL', KEYS[1])
return 1
)");

const Script kBatchSet(R"(
for i = 2, #ARGV, 2 do
  redis.call('ZADD', KEYS[1], 0, ARGV[i])
  redis.call('ZREM', KEYS[2], ARGV[i])
  redis.call('SET', ARGV[1] .. ARGV[i], ARGV[i + 1])
end
return 1
)");

const Script kBatchGet(R"(
local bytes = 0
for i = 1, #KEYS do
  bytes = bytes + redis.call('STRLEN', KEYS[i]) + 12
  if bytes > tonumber(ARGV[1]) then return 0 end
end
return redis.call('MGET', unpack(KEYS))
)");

const Script kBatchDelete(R"(
local found = {}
for i = 2, #ARGV do
  found[i - 1] = redis.call('DEL', ARGV[1] .. ARGV[i])
  redis.call('ZREM', KEYS[1], ARGV[i])
  redis.call('ZREM', KEYS[2], ARGV[i])
end
return found
)");

const Script kScan(R"(
local rows = tonumber(ARGV[4])
local room = tonumber(ARGV[5])
local names = redis.call('ZRANGEBYLEX', KEYS[1], ARGV[2], ARGV[3], 'LIMIT', 0, rows)
local answer = {false}
for i, name in ipairs(names) do
  local key = ARGV[1] .. name
  local bytes = #name
  local there
  if ARGV[6] == '1' then
    bytes = bytes + redis.call('STRLEN', key)
  end
  if bytes > room and #answer > 1 then return answer end
  if ARGV[6] == '1' then
    there = redis.call('GET', key)
  else
    there = redis.call('EXISTS', key) == 1
  end
  if there then
    answer[#answer + 1] = name
    if ARGV[6] == '1' then answer[#answer + 1] = there end
    room = room - bytes
  else
    redis.call('ZREM', KEYS[1], name)
    redis.call('ZREM', KEYS[2], name)
  end
  answer[1] = name
end
if #names < rows then answer[1] = false end
return answer
)");

// A key that was expired and lives again, or still does for a moment, is left to its own expiry.
#define PRISM_REDIS_SWEEP                                                                     \
  "local now = redis.call('TIME')\n"                                                          \
  "local due = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf',\n"                                \
  "    string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000)), 'LIMIT', 0, 1000)\n" \
  "local left = #due == 1000\n"                                                               \
  "for _, name in ipairs(due) do\n"                                                           \
  "  local ttl = redis.call('PTTL', ARGV[1] .. name)\n"                                       \
  "  if ttl < 0 then redis.call('ZREM', KEYS[2], name) end\n"                                 \
  "  if ttl == -2 then redis.call('ZREM', KEYS[1], name) end\n"                               \
  "end\n"

const Script kCount(PRISM_REDIS_SWEEP R"(
if left then return false end
return redis.call('ZLEXCOUNT', KEYS[1], ARGV[2], ARGV[3])
)");

const Script kSweep(PRISM_REDIS_SWEEP R"(
if left then return 1 end
return 0
)");

const Script kCommit(R"(
local reads = tonumber(ARGV[2])
local at = 3
for i = 1, reads do
  local actual = redis.call('GET', ARGV[1] .. ARGV[at])
  local seen = ARGV[at + 1]
  local kind = string.sub(seen, 1, 1)
  if kind == '-' then
    if actual then return 0 end
  elseif not actual then
    return 0
  elseif kind == '=' then
    if actual ~= string.sub(seen, 2) then return 0 end
  elseif redis.sha1hex(actual) ~= string.sub(seen, 2) then
    return 0
  end
  at = at + 2
end
while at < #ARGV do
  local name = ARGV[at]
  redis.call('ZREM', KEYS[2], name)
  if string.sub(ARGV[at + 1], 1, 1) == '+' then
    redis.call('ZADD', KEYS[1], 0, name)
    redis.call('SET', ARGV[1] .. name, string.sub(ARGV[at + 1], 2))
  else
    redis.call('ZREM', KEYS[1], name)
    redis.call('DEL', ARGV[1] .. name)
  end
  at = at + 2
end
return 1
)");

}  // namespace prism::redis
