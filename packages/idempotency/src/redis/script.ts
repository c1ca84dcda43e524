/**
 * Every operation, one atomic step in Redis by its own clock, over one string a key: a head of state, takeover, fence, the
 * lease's end, attempt, retention and two lengths; then owner, fingerprint and value. Redis itself forgets it in time.
 *
 * The states are `i` in progress, `r` released, `c` completed, `f` failed and `u` unknown. `KEYS[1]` is the key, `ARGV` the
 * operation, the owner, and what belongs to the operation.
 */
export const SCRIPT = `local key,op,owner=KEYS[1],ARGV[1],ARGV[2]
local t=redis.call('TIME')
local now=t[1]*1000+math.floor(t[2]/1000)
local raw=redis.call('GET',key)
local s,took,fence,ends,n,keep,a,b,at
local own,print,value=false,'',''
if raw then
s,took,fence,ends,n,keep,a,b,at=string.match(raw,'^(%l)(%d) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+)\\n()')
if not at then return false end
fence,ends,n,keep,a,b=fence+0,ends+0,n+0,keep+0,at+a,at+a+b
own=string.sub(raw,at,a-1)==owner
print=string.sub(raw,a,b-1)
end
local function put(...)
local head=string.format('%s%d %.0f %.0f %d %.0f %d %d\\n',s,took,fence,ends,n,keep,#owner,#print)
redis.call('SET',key,head..owner..print..value,...)
return 1
end
if op=='claim' then
local lease,retain=ARGV[4]+0,ARGV[5]+0
if raw then
if print~=ARGV[3] then return {'mismatch'} end
if s=='i' then
if not own and ends>now then return {s,ends-now} end
elseif s~='r' then return {s,string.sub(raw,b)} end
end
if s~='i' or not own then
took=s=='i' and 1 or 0
fence=math.max((fence or 0)+1,now)
n=(n or 0)+1
end
s,print,ends,keep='i',ARGV[3],now+lease,retain
put('PX',lease+retain)
return {'granted',fence,n,took+0}
end
if not own then return 0 end
if op=='complete' and s~='i' then return s=='r' and 0 or 1 end
if op=='release' and s=='r' then return 1 end
if s~='i' then return 0 end
if op=='complete' then
s,value=ARGV[3],ARGV[4]
return put('PX',ARGV[5])
end
if op=='release' then
s='r'
return put('KEEPTTL')
end
ends=now+ARGV[3]
return put('PX',ARGV[3]+keep)`;

/** The script's name in Redis: SHA-1, in hexadecimal. */
export const SHA = '117feb112a4c1b9a5af4b863d7c659cb5e7d494b';
