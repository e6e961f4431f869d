"""The scripts that move jobs, each in one step. KEYS lie in the company's one slot.

A job's record is a field of its user's hash. Its id is in one of the company's three lines, which are sorted
sets: `waiting`, scored by when it is due; `running`, by when its lease ends; `dead`, by when its record goes.
Beside the records the hash has `once:` fields, each with the id of the job that holds that key, and `over`,
the generation of the last installation that ended.
"""

WAITS_ALREADY, ADDED, IS_GONE, IS_FULL = 0, 1, -1, -2
IS_ANOTHERS, IS_DONE = 0, 1  # of what is done with a lease

# KEYS: the user's jobs, waiting, the user's installation, running, dead. ARGV: id, record, when due, field of
# the once-key or '', how many the company may have. Nobody adds to what has ended.
ADD = """
local state = string.match(redis.call('GET', KEYS[3]) or '', '^2 %d+ (%a+) ')
if not state or state == 'uninstalled' then return -1 end
if ARGV[4] ~= '' then
  local holder = redis.call('HGET', KEYS[1], ARGV[4])
  if holder and redis.call('HEXISTS', KEYS[1], holder) == 1 then return 0 end
end
local count = redis.call('ZCARD', KEYS[2]) + redis.call('ZCARD', KEYS[4]) + redis.call('ZCARD', KEYS[5])
if count >= tonumber(ARGV[5]) then return -2 end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], ARGV[4], ARGV[1]) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[1])
return 1
"""

# KEYS: waiting, running. ARGV: now, how many, end of the lease. Those whose lease ran out come first.
TAKE = """
local found = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2])
local left = tonumber(ARGV[2]) - #found
if left > 0 then
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, left)) do
    redis.call('ZREM', KEYS[1], id)
    found[#found + 1] = id
  end
end
for _, id in ipairs(found) do redis.call('ZADD', KEYS[2], ARGV[3], id) end
return found
"""

# A renewal may be done and its answer lost, so whoever holds a job may not know which of several ends its
# lease has. KEYS: running. ARGV: id, those ends with spaces between them.
_IS_OURS = f"""
local lease, is_ours = redis.call('ZSCORE', KEYS[1], ARGV[1]), false
if not lease then return {IS_GONE} end
for each in string.gmatch(ARGV[2], '%S+') do is_ours = is_ours or tonumber(each) == tonumber(lease) end
if not is_ours then return {IS_ANOTHERS} end"""

# KEYS: running, the user's jobs. ARGV: id, ends of the lease, record.
BEGIN = f"""
{_IS_OURS}
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return 1
"""

# KEYS: running. ARGV: id, ends of the lease, its new end.
RENEW = f"""
{_IS_OURS}
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[1])
return 1
"""

# KEYS: running, the user's jobs, where it goes. ARGV: id, ends of the lease, record ('' stays as it is),
# score there ('' is nowhere, and the record goes too), field of the once-key to free or ''.
SETTLE = f"""
{_IS_OURS}
redis.call('ZREM', KEYS[1], ARGV[1])
if ARGV[4] == '' then redis.call('HDEL', KEYS[2], ARGV[1])
else
  redis.call('ZADD', KEYS[3], ARGV[4], ARGV[1])
  if ARGV[3] ~= '' then redis.call('HSET', KEYS[2], ARGV[1], ARGV[3]) end
end
if ARGV[5] ~= '' and redis.call('HGET', KEYS[2], ARGV[5]) == ARGV[1] then
  redis.call('HDEL', KEYS[2], ARGV[5])
end
return 1
"""

# KEYS: waiting, running, dead. The earliest score of all.
EARLIEST = """
local first = false
for _, key in ipairs(KEYS) do
  local score = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')[2]
  if score and (not first or tonumber(score) < tonumber(first)) then first = score end
end
return first
"""

# KEYS: waiting, running, dead. How many each has, and the earliest score of the first.
COUNT = """
local found = {}
for at, key in ipairs(KEYS) do found[at] = redis.call('ZCARD', key) end
found[#found + 1] = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return found
"""

# KEYS: dead. ARGV: up to which score. The ids.
DEAD = "return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])"

# KEYS: the user's jobs, dead, waiting. ARGV: id, record, when due, field of the once-key or ''.
RETRY = """
if not redis.call('ZSCORE', KEYS[2], ARGV[1]) then return -1 end
if ARGV[4] ~= '' then
  local holder = redis.call('HGET', KEYS[1], ARGV[4])
  if holder and redis.call('HEXISTS', KEYS[1], holder) == 1 then return 0 end
  redis.call('HSET', KEYS[1], ARGV[4], ARGV[1])
end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
return 1
"""

# KEYS: the user's jobs, dead, waiting. ARGV: id, field of the once-key to free or ''. One that runs stays.
DROP = """
if redis.call('ZREM', KEYS[2], ARGV[1]) + redis.call('ZREM', KEYS[3], ARGV[1]) == 0 then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], ARGV[2]) == ARGV[1] then
  redis.call('HDEL', KEYS[1], ARGV[2])
end
return 1
"""

# KEYS: the user's jobs. ARGV: id. The record, and the generation that is over.
READ = "return redis.call('HMGET', KEYS[1], ARGV[1], 'over')"
