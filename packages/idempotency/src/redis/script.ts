/**
 * Every operation, as one atomic step in Redis with Redis' own clock. Each key is one string: a head of fixed width (a
 * mark, state, takeover, fence, the lease's end, retention, attempt and two lengths), then owner, fingerprint and
 * value. Redis itself expires it. A packed string, and an answer that is a string, take half the time of a pattern and
 * a list.
 *
 * The states are `i` in progress, `r` released, `c` completed, `f` failed and `u` unknown. `KEYS[1]` is the key. `ARGV`
 * is the operation, the owner, and the operation's own arguments.
 */
export const SCRIPT = `local key,op,owner=KEYS[1],ARGV[1],ARGV[2]
local raw=redis.call('GET',key)
local s,took,fence,ends,keep,n,a,b,at
local own,print=false,''
if raw then
if #raw<40 or string.sub(raw,1,2)~='T1' then return 'x' end
s,took,fence,ends,keep,n,a,b,at=struct.unpack('<c1BdddI4I4I4',raw,3)
own=string.sub(raw,at,at+a-1)==owner
print=string.sub(raw,at+a,at+a+b-1)
if op=='claim' and s~='i' and s~='r' and print==ARGV[3] then return s..string.sub(raw,at+a+b) end
end
local function put(value,...)
redis.call('SET',key,'T1'..struct.pack('<c1BdddI4I4I4',s,took,fence,ends,keep,n,#owner,#print)..owner..print..value,...)
return 1
end
local function time()
local t=redis.call('TIME')
return t[1]*1000+math.floor(t[2]/1000)
end
if op=='claim' then
local lease,retain,now=ARGV[4]+0,ARGV[5]+0,time()
if raw then
if print~=ARGV[3] then return 'm' end
if s=='i' and not own and ends>now then return 'i'..(ends-now) end
end
if s~='i' or not own then
took=(s=='i' or took==1) and 1 or 0
fence=math.max((fence or 0)+1,now)
n=(n or 0)+1
end
s,print,ends,keep='i',ARGV[3],now+lease,retain
put('','PX',lease+retain)
return string.format('g%.0f %d %d',fence,n,took)
end
if not own then return 0 end
if op=='complete' and s~='i' then return s=='r' and 0 or 1 end
if op=='release' and s=='r' then return 1 end
if s~='i' then return 0 end
if op=='complete' then
s=ARGV[3]
return put(ARGV[4],'PX',ARGV[5])
end
if op=='release' then
s='r'
return put('','KEEPTTL')
end
ends=time()+ARGV[3]
return put('','PX',ARGV[3]+keep)`;

/** The SHA-1 of the script in hexadecimal, by which Redis knows it. */
export const SHA = 'a5d1e0f71df731aa68793dddb38760f323f38d29';
