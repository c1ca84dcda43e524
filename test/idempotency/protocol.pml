/*
 * The protocol of packages/idempotency/src/record.ts, whose interleavings Spin explores exhaustively: one key, and workers
 * that each get its message TRIES times. A worker may die after any step, be slow for any time (a zombie), lose the reply
 * to its claim, fail, or renew its lease. The store's steps are atomic, and the store decides whether a lease still runs:
 * `leased`. The invariants I1 to I7 are asserted where they could break. Each FAULT_... adds a known fault of published
 * libraries, and must be found.
 */
#ifndef WORKERS
#define WORKERS 3
#endif
#ifndef TRIES
#define TRIES 2
#endif
#define NOBODY 0

mtype = { NONE, HELD, RELEASED, COMPLETED };
mtype = { GRANTED, BUSY, REPLAY };

/* The record. */
mtype state = NONE;
byte owner = NOBODY;
byte fence = 0;
byte value = 0;
bool leased = false;

/* The store's clock, in steps. */
byte now = 1;

/* Variables of the proof only. */
byte liveOwner = NOBODY;
byte highest = 0;
byte first = 0;
byte grants = 0;
byte takeovers = 0;
byte releases = 0;
byte effects = 0;
byte heldBy = NOBODY;

inline grant(me) {
  assert(liveOwner == NOBODY);                                  /* I1: at most one owner with a running lease */
  grants++;
  if
  :: state == HELD -> takeovers++
  :: else
  fi;
  assert(grants == 1 + takeovers + releases);                   /* I5 */
#ifdef FAULT_RELEASE_FORGETS_THE_FENCE
  if
  :: state == RELEASED -> fence = 1
  :: else -> fence = (fence + 1 > now -> fence + 1 : now)
  fi;
#else
  fence = (fence + 1 > now -> fence + 1 : now);
#endif
  assert(fence > highest);                                      /* I4 */
  highest = fence;
  state = HELD;
  owner = me;
  liveOwner = me;
  leased = true
}

inline claim(me, answer) {
  d_step {
    if
    :: state == COMPLETED ->
       assert(value == first);                                  /* I2: what is replayed never changes */
       answer = REPLAY
    :: state == HELD && owner == me -> leased = true; liveOwner = me; answer = GRANTED
    :: state == HELD && owner != me && leased ->
       answer = BUSY;
#ifdef FAULT_A_DUPLICATE_DELETES_THE_LOCK
       state = RELEASED;
       leased = false;
       releases++
#endif
    :: else -> grant(me); answer = GRANTED
    fi
  }
}

/* I3: only the owner of a key changes it. */
inline complete(me, done) {
  d_step {
    done = false;
    if
#ifdef FAULT_A_ZOMBIE_OVERWRITES
    :: state == HELD || state == COMPLETED ->
#else
    :: state == HELD && owner == me ->
#endif
       state = COMPLETED;
       value = me;
       if
       :: first == 0 -> first = me
       :: else
       fi;
       leased = false;
       liveOwner = NOBODY;
       done = true
    :: state == COMPLETED && owner == me -> done = true
    :: else
    fi;
    assert(!done || owner == me)                                /* I3 */
  }
}

inline release(me) {
  d_step {
    if
#ifdef FAULT_A_ZOMBIES_FAILURE_DELETES
    :: state == HELD ->
#else
    :: state == HELD && owner == me ->
#endif
       state = RELEASED;
       releases++;
       assert(owner == me);                                     /* I3 */
       leased = false;
       liveOwner = NOBODY
    :: else
    fi
  }
}

inline extend(me) {
  d_step {
    if
    :: state == HELD && owner == me -> leased = true; liveOwner = me
    :: else
    fi
  }
}

/* A message is acked once its work was done, by any worker. */
inline ack() {
  assert(effects > 0)                                           /* I7 */
}

proctype Worker(byte id) {
  byte me;
  byte try;
  bool done;
  mtype answer;
  for (try : 1 .. TRIES) {
    me = id * TRIES + try;
    claim(me, answer);
    if
    :: claim(me, answer)                                        /* the reply was lost */
    :: skip
    fi;
    if
    :: answer == REPLAY -> ack(); break
    :: answer == BUSY ->
#ifdef FAULT_A_DUPLICATE_IS_ACKED
       ack(); break
#else
       skip                                                     /* redelivered */
#endif
    :: answer == GRANTED ->
       if
       :: goto dead                                             /* before its effect, or in the middle */
       :: extend(me)
       :: skip
       fi;
       if
       :: effects++;
          if
          :: goto dead                                          /* after its effect */
          :: skip
          fi;
          complete(me, done);
          if
          :: done -> ack(); break
          :: else                                               /* lost: redelivered */
          fi
       :: release(me)                                           /* failed: redelivered */
       fi
    fi
  }
dead:
  skip
}

/* A lease may expire at any time, except with FAULT_A_LEASE_IS_FOR_EVER. */
active proctype Time() {
end:
  do
#ifndef FAULT_A_LEASE_IS_FOR_EVER
  :: d_step { leased -> leased = false; liveOwner = NOBODY }
#endif
  :: d_step { now < 3 -> now++ }
  od
}

init {
  byte id;
  atomic {
    for (id : 0 .. (WORKERS - 1)) { run Worker(id) }
  }
}

/* I6: no key is stuck: a lease ends, whichever worker has died. */
ltl I6 { [] (leased -> <> !leased) }
