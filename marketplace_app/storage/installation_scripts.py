"""The scripts that change an installation's record, each in one step. KEYS lie in the company's one slot."""

WRITTEN, KEY_IS_GONE = 1, -1

# KEYS: the record, the company's users, its data key, the user's channels and jobs. ARGV: generation
# expected, generation to write, state expected, sealed part, user, id of the data key that sealed. Generation
# '0' and state 'none' are of a record that is not there. State '' is a renewal, which brings none back that
# ended; a grant that works ends a disconnection, and leaves a suspicion to the call that Pipedrive answers. A
# grant over one that is not active begins a new era: does Pipedrive still have the channels of the last one?
# What was put off before an uninstall is over.
SAVE = """
local key = redis.call('GET', KEYS[3])
if not key or not string.find(key, ARGV[6], 1, true) then return -1 end
local current = redis.call('GET', KEYS[1])
local generation, state = '0', 'none'
if current then generation, state = string.match(current, '^2 (%d+) (%a+) ') end
if generation ~= ARGV[1] then return 0 end
if ARGV[3] == '' then
  if state == 'uninstalled' or state == 'none' then return 0 end
  if state == 'disconnected' then state = 'active' end
else
  if state ~= ARGV[3] then return 0 end
  if state ~= 'active' and redis.call('EXISTS', KEYS[4]) == 1 then
    redis.call('HINCRBY', KEYS[4], 'era', 1)
  end
  if state == 'uninstalled' and redis.call('EXISTS', KEYS[5]) == 1 then
    redis.call('HSET', KEYS[5], 'over', generation)
  end
  state = 'active'
end
redis.call('SET', KEYS[1], '2 ' .. ARGV[2] .. ' ' .. state .. ' 0 ' .. ARGV[4])
redis.call('SADD', KEYS[2], ARGV[5])
return 1
"""

# A write that changes nothing, so that there is one to wait for.
ACKNOWLEDGE = """
local current = redis.call('GET', KEYS[1])
if current then redis.call('SET', KEYS[1], current) end
return 1
"""

# ARGV: now. Who was refused and is now said to be uninstalled is uninstalled: two witnesses.
SUSPECT = """
local current = redis.call('GET', KEYS[1])
if not current then return 0 end
local generation, state, since, sealed = string.match(current, '^2 (%d+) (%a+) (%d+) (.*)$')
if state == 'uninstalled' then return 0 end
if state == 'disconnected' then
  redis.call('SET', KEYS[1], '2 ' .. generation .. ' uninstalled ' .. ARGV[1] .. ' ')
else
  redis.call('SET', KEYS[1], '2 ' .. generation .. ' suspect ' .. since .. ' ' .. sealed)
end
return 1
"""

# ARGV: generation. Only who is suspect becomes active: a late answer must not undo a refusal.
CONFIRM = """
local current = redis.call('GET', KEYS[1])
if not current then return 0 end
local generation, state, since, sealed = string.match(current, '^2 (%d+) (%a+) (%d+) (.*)$')
if state ~= 'suspect' or generation ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], '2 ' .. generation .. ' active 0 ' .. sealed)
return 1
"""

# ARGV: generation, now, seconds between two refusals that count. Where the clock went back by more than that,
# the time between them begins anew.
REFUSE = """
local current = redis.call('GET', KEYS[1])
if not current then return 0 end
local generation, state, since, sealed = string.match(current, '^2 (%d+) (%a+) (%d+) (.*)$')
if generation ~= ARGV[1] or state == 'uninstalled' or state == 'disconnected' then return 0 end
if state == 'suspect' then
  redis.call('SET', KEYS[1], '2 ' .. generation .. ' uninstalled ' .. ARGV[2] .. ' ')
elseif since == '0' or tonumber(since) - tonumber(ARGV[2]) >= tonumber(ARGV[3]) then
  redis.call('SET', KEYS[1], '2 ' .. generation .. ' active ' .. ARGV[2] .. ' ' .. sealed)
elseif tonumber(ARGV[2]) - tonumber(since) >= tonumber(ARGV[3]) then
  redis.call('SET', KEYS[1], '2 ' .. generation .. ' disconnected ' .. ARGV[2] .. ' ' .. sealed)
end
return 1
"""

# ARGV: generation expected ('' is any), now, the state that ends it. An uninstalled one loses its tokens.
END = """
local current = redis.call('GET', KEYS[1])
if not current then return 0 end
local generation, state, since, sealed = string.match(current, '^2 (%d+) (%a+) (%d+) (.*)$')
if state == 'uninstalled' or (ARGV[1] ~= '' and generation ~= ARGV[1]) then return 0 end
if ARGV[3] == 'uninstalled' then sealed = '' end
redis.call('SET', KEYS[1], '2 ' .. generation .. ' ' .. ARGV[3] .. ' ' .. ARGV[2] .. ' ' .. sealed)
return 1
"""

# KEYS: the record, the company's users, the user's settings, channels and jobs, and the lines in which the
# company's jobs stand. ARGV: generation, user.
FORGET_USER = """
local current = redis.call('GET', KEYS[1])
if current then
  local generation, state = string.match(current, '^2 (%d+) (%a+) ')
  if state ~= 'uninstalled' or generation ~= ARGV[1] then return 0 end
  redis.call('DEL', KEYS[1])
end
redis.call('DEL', KEYS[3], KEYS[4])
redis.call('DEL', KEYS[5])
for line = 6, #KEYS do
  for _, id in ipairs(redis.call('ZRANGE', KEYS[line], 0, -1)) do
    if string.match(id, '^%d+%-(%d+)%-') == ARGV[2] then redis.call('ZREM', KEYS[line], id) end
  end
end
return redis.call('SREM', KEYS[2], ARGV[2])
"""

# KEYS: the company's users, its data key.
FORGET_COMPANY = """
if redis.call('SCARD', KEYS[1]) > 0 then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
return 1
"""

# KEYS: the company's users.
USERS = "return redis.call('SMEMBERS', KEYS[1])"
