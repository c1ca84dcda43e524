/**
 * One exchange of an instance, as an atomic step in Redis with Redis' own clock; it does what `exchanged` in
 * `exchange.ts` does. A circuit is a hash: `g` its generation, `o` until when it is open (0: closed), `w<id>` a probe
 * that has worked, `l<id>` when a lease ends, `r<instance>` the calls, failures and time of a report.
 *
 * `KEYS[1]` is the circuit. `ARGV` is the instance, its generation, calls, failures, the probe it asks for, the probe
 * that has ended and how, and the rules: window, failure rate, minimum, quorum, time open, probes.
 */
export const SCRIPT = `local key=KEYS[1]
local instance,generation,calls,failures,ask,ended,how=ARGV[1],ARGV[2]+0,ARGV[3]+0,ARGV[4]+0,ARGV[5],ARGV[6],ARGV[7]
local window,rate,minimum,quorum,openfor,probes=ARGV[8]+0,ARGV[9]+0,ARGV[10]+0,ARGV[11]+0,ARGV[12]+0,ARGV[13]+0
local t=redis.call('TIME')
local now=t[1]*1000+math.floor(t[2]/1000)
local all=redis.call('HGETALL',key)
local g,o,s=now,0,0
local leases,reports,worked={},{},{}
for i=1,#all,2 do
local name,value=all[i],all[i+1]
local kind=string.sub(name,1,1)
if name=='g' then g=value+0
elseif name=='o' then o=value+0
elseif kind=='w' then worked[string.sub(name,2)],s=1,s+1
elseif kind=='l' then leases[string.sub(name,2)]=value+0
elseif kind=='r' then
local c,f,at=string.match(value,'(%d+) (%d+) (%d+)')
reports[string.sub(name,2)]={c+0,f+0,at+0}
end
end
local function turn(till)
g,o,s,leases,worked=math.max(g+1,now),till,0,{},{}
for _,report in pairs(reports) do report[1],report[2]=0,0 end
end
if ended~='' and o>0 and generation==g then
if how=='failure' and (leases[ended] or 0)>now then turn(now+openfor)
else
leases[ended]=nil
if how=='success' and not worked[ended] then
worked[ended],s=1,s+1
if s>=probes then turn(0) end
end
end
end
for name,report in pairs(reports) do
if report[3]<=now-window then reports[name]=nil end
end
if o==0 and (generation==g or generation==0) then reports[instance]={calls,failures,now}
else reports[instance]={0,0,now} end
local count,failing,c,f=0,0,0,0
for _,report in pairs(reports) do
count=count+1
c=c+report[1]
f=f+report[2]
if report[1]>0 and report[2]>=rate*report[1] then failing=failing+1 end
end
if failing>=math.min(count,math.floor(quorum*count)+1) and c>=minimum and f>=rate*c then turn(now+openfor) end
local granted,left=0,0
if o>0 then
left=o-now
if left<=0 then
left=0
local count,first=0,1000
for id,till in pairs(leases) do
if till<=now then leases[id]=nil
else
count=count+1
first=math.min(first,till-now)
end
end
if ask~='' and (leases[ask] or count+s<probes) then
leases[ask]=leases[ask] or now+openfor
granted=1
elseif count+s>=probes then left=first end
end
end
local put={'g',string.format('%.0f',g),'o',string.format('%.0f',o)}
for id in pairs(worked) do
put[#put+1]='w'..id
put[#put+1]=1
end
for id,till in pairs(leases) do
put[#put+1]='l'..id
put[#put+1]=string.format('%.0f',till)
end
for name,report in pairs(reports) do
put[#put+1]='r'..name
put[#put+1]=string.format('%.0f %.0f %.0f',report[1],report[2],report[3])
end
redis.call('DEL',key)
redis.call('HSET',key,unpack(put))
redis.call('PEXPIRE',key,math.ceil((window+openfor)*10))
return {string.format('%.0f',g),o>0 and 1 or 0,math.ceil(left),granted}`;

/** The script's name in Redis: SHA-1, in hexadecimal. */
export const SHA = 'c84b49528f4be7b8984872cf50446eb203d9bbe8';
