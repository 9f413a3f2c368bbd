#include "drivers/redis/stream/pieces.h"
#include "drivers/redis/stream/scripts.h"

namespace prism::redis::streams {

constexpr Lua kCreateGroupSource = kBase + kPlaces + Lua(R"(
if call('HEXISTS', groups, ARGV[4]) == 1 then return 0 end
if call('HLEN', groups) >= 1024 then return -1 end
trim()
local position, number = '-', 0
if ARGV[6] == 'next' then
  position, number = place_behind_newest()
elseif ARGV[6] ~= 'oldest' then
  position, number = place_at(ARGV[6])
end
call('HSET', groups, ARGV[4], ARGV[5])
call('HSET', meta, 'x', 1)
if durable then
  call('PERSIST', stream)
  call('PERSIST', meta)
end
call('HSET', base_of(ARGV[5]) .. 'g', 'w', ARGV[7], 'p', position, 'pn', number, 'l', '')
return 1
)");
const Script kCreateGroup(kCreateGroupSource.view());

constexpr Lua kDeleteGroupSource = kBase + kDropping + Lua(R"(
local group = call('HGET', groups, ARGV[4])
if not group then return 0 end
drop(group)
call('HDEL', groups, ARGV[4])
if durable then trim() end
wake()
return 1
)");
const Script kDeleteGroup(kDeleteGroupSource.view());

constexpr Lua kJoinSource = kBase + Lua(R"(
local group, member = call('HGET', groups, ARGV[4]), ARGV[5]
if not group then return false end
local base = base_of(group)
tidy(group)
local there = call('HGET', base .. 'm', member)
if there and there ~= ' 0' then
  leave(group, member)
  wakes[group] = true
elseif not there and call('HLEN', base .. 'm') >= 1024 then
  return -1
end
call('HSET', base .. 'm', member, ARGV[6] .. ' ' .. ARGV[7])
call('ZADD', base .. 'l', now + ARGV[8], member)
wake()
return group
)");
const Script kJoin(kJoinSource.view());

constexpr Lua kTakeSource = kBase + kDelivering + Lua(R"(
local group, member = ARGV[4], ARGV[5]
local base = base_of(group)
local epoch, max = string.match(call('HGET', base .. 'm', member) or '', '^(%x+) (%d+)$')
if epoch ~= ARGV[6] then return false end
call('ZADD', base .. 'l', now + ARGV[7], member)
trim()
local wait = tidy(group)
local room = tonumber(max) - call('SCARD', base .. 'h:' .. member)
local more = true
if room > 0 then
  local ids = call('ZRANGEBYSCORE', base .. 'd', '-inf', '(0', 'LIMIT', 0, room)
  for _, id in ipairs(ids) do
    local entry = call('XRANGE', stream, id, id)[1]
    more = add(entry)
    if not more then break end
    deliver(base, entry, pending_of(base, id) + 1, member)
    room = room - 1
  end
end
if room > 0 and more then
  local last
  scan(call('HGET', base .. 'g', 'p'), '+', room, function(entry)
    if not add(entry) then return false end
    deliver(base, entry, 1, member)
    last = entry
    return true
  end)
  if last then
    call('HSET', base .. 'g', 'p', '(' .. last[1], 'pn', last[2][2], 'l', last[1])
  end
end
wake()
local due = call('ZRANGEBYSCORE', base .. 'd', '(0', '+inf', 'WITHSCORES', 'LIMIT', 0, 1)[2]
return {due and math.floor((due + wait - now) / 1000) + 1 or -1, counts, page}
)");
const Script kTake(kTakeSource.view());

constexpr Lua kRenewSource = kBase + Lua(R"(
local base = base_of(ARGV[4])
local epoch = string.match(call('HGET', base .. 'm', ARGV[5]) or '', '^(%x+) ')
if epoch ~= ARGV[6] then return 0 end
call('ZADD', base .. 'l', now + ARGV[7], ARGV[5])
return 1
)");
const Script kRenew(kRenewSource.view());

constexpr Lua kLeaveSource = kBase + Lua(R"(
local group = call('HGET', groups, ARGV[4])
if not group then return 0 end
local epoch = string.match(call('HGET', base_of(group) .. 'm', ARGV[5]) or '', '^(%x+) ')
if epoch ~= ARGV[6] then return 0 end
leave(group, ARGV[5])
wake()
return 1
)");
const Script kLeave(kLeaveSource.view());

constexpr Lua kAckSource = kBase + kNeeding + Lua(R"(
local group = call('HGET', groups, ARGV[4])
if not group then return 0 end
local acked, ids, numbers, sizes = 0, {}, {}, {}
for i = 5, #ARGV do
  local number = settle(group, ARGV[i])
  if number then
    acked = acked + 1
    local entry = durable and call('XRANGE', stream, ARGV[i], ARGV[i])[1]
    if entry then
      ids[#ids + 1] = ARGV[i]
      numbers[#ids] = number
      sizes[#ids] = size(entry[2])
    end
  end
end
remove_unneeded(ids, numbers, sizes)
wake()
return acked
)");
const Script kAck(kAckSource.view());

constexpr Lua kClaimSource = kBase + kDelivering + Lua(R"(
local group, member, limit = call('HGET', groups, ARGV[4]), ARGV[5], tonumber(ARGV[7])
if not group then return {{}, {}} end
local base = base_of(group)
trim()
tidy(group)
local ids = call('ZRANGEBYSCORE', base .. 'd', '-inf', '(0', 'LIMIT', 0, limit)
local at, latest = 0, now - ARGV[6] * 1000
while #ids < limit and at < 20000 do
  local idle = call('ZRANGEBYSCORE', base .. 'd', '(0', latest, 'LIMIT', at, 500)
  for _, id in ipairs(idle) do
    local _, _, holder = pending_of(base, id)
    if holder ~= member and #ids < limit then ids[#ids + 1] = id end
  end
  if #idle < 500 then break end
  at = at + 500
end
if #ids > 0 and call('HEXISTS', base .. 'm', member) == 0 then
  if call('HLEN', base .. 'm') >= 1024 then return -1 end
  call('HSET', base .. 'm', member, ' 0')
end
for _, id in ipairs(ids) do
  local entry = call('XRANGE', stream, id, id)[1]
  if not add(entry) then break end
  local count, _, holder = pending_of(base, id)
  unhold(group, id, holder)
  deliver(base, entry, count + 1, member)
end
wake()
return {counts, page}
)");
const Script kClaim(kClaimSource.view());

constexpr Lua kInfoSource = kBase + Lua(R"(
local group = call('HGET', groups, ARGV[4])
if not group then return false end
local base = base_of(group)
trim()
tidy(group)
wake()
local position = call('HMGET', base .. 'g', 'pn', 'l')
local number = tonumber(call('HGET', meta, 'n') or 0)
local lag = math.min(number - position[1], call('XLEN', stream))
local info = {call('HLEN', base .. 'p'), lag, position[2]}
local members = call('HGETALL', base .. 'm')
for i = 1, #members, 2 do
  info[#info + 1] = members[i]
  info[#info + 1] = string.match(members[i + 1], '^(%x*) ')
  info[#info + 1] = call('SCARD', base .. 'h:' .. members[i])
end
return info
)");
const Script kInfo(kInfoSource.view());

constexpr Lua kSeekSource = kBase + kPlaces + Lua(R"(
local group = call('HGET', groups, ARGV[4])
if not group then return 0 end
local position, number = '-', 0
if ARGV[5] ~= '' then position, number = place_at(ARGV[5]) end
move(group, position, number)
wake()
return 1
)");
const Script kSeek(kSeekSource.view());

constexpr Lua kSeekToTimeSource = kBase + kPlaces + Lua(R"(
local group = call('HGET', groups, ARGV[4])
if not group then return 0 end
local entry = call('XRANGE', stream, ARGV[5], '+', 'COUNT', 1)[1]
if entry then
  move(group, entry[1], entry[2][2] - 1)
else
  move(group, place_behind_newest())
end
wake()
return 1
)");
const Script kSeekToTime(kSeekToTimeSource.view());

constexpr Lua kSetAckWaitSource = kBase + Lua(R"(
local group = call('HGET', groups, ARGV[4])
if not group then return 0 end
call('HSET', base_of(group) .. 'g', 'w', ARGV[5])
wakes[group] = true
wake()
return 1
)");
const Script kSetAckWait(kSetAckWaitSource.view());

}  // namespace prism::redis::streams
