import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type AnyFunction,
  type BeforeParsing,
  beforeParsing,
  type Context,
  type HttpEvent,
  problem,
  reply,
} from '@tradewind/core';
import { checkOptions, misconfigured, mustBe } from '@tradewind/core/adapter';
import type { SenderCheck } from '../shared/sender-check.js';

/** A secret that senders pass in a header. */
export interface SharedSecret {
  /** The name of the header, which senders use for nothing else. */
  readonly header: string;
  /** The whole value of the header: 16 characters or more. */
  readonly secret: string;
}

/** How a server knows that a message comes from who may send it. */
export type MessagesFrom = 'platform' | 'private-network' | SharedSecret | SenderCheck;

/** Checks the sender of a message. */
export type Verify = SenderCheck['verify'];

/**
 * The check that `messages` asks for; undefined if there is nothing to check.
 *
 * @throws FunctionError `misconfigured` if anybody who can send requests could also post messages.
 */
export function senderCheck(functions: readonly AnyFunction[], messages: MessagesFrom | undefined): Verify | undefined {
  if (messages === undefined) {
    const posted = functions.find(({ trigger }) => trigger.kind !== 'http');
    if (posted && functions.some(({ trigger }) => trigger.kind === 'http')) {
      throw misconfigured(
        `listen(...): '${posted.name}' receives messages on a server that also answers requests, so anybody could post messages. Say how their senders are known: listen({ messages: { header: 'x-secret', secret } }), googleOidc(...), 'platform' or 'private-network'; or use a server without HTTP functions.`,
      );
    }
    return undefined;
  }
  if (messages === 'platform' || messages === 'private-network') return undefined;
  if (typeof messages === 'string')
    throw misconfigured(
      "listen(...): `messages` must be 'platform', 'private-network', { header, secret } or { verify }.",
    );
  checkOptions('listen({ messages })', messages, ['header', 'secret', 'verify']);
  if (!('verify' in messages)) return withSecret(messages);
  mustBe('function', messages.verify, 'listen(...): `messages.verify`');
  if ('header' in messages || 'secret' in messages)
    throw misconfigured('listen(...): `messages` must have either `verify`, or `header` and `secret`.');
  return (event) => messages.verify(event);
}

/** Headers that are about the connection, the body or the trace: others set them, or they are passed to functions. */
const TAKEN =
  /^(?:host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|expect|content-.*|traceparent|tracestate|baggage)$/i;
/** In characters: a shorter secret can be guessed. */
const SHORTEST = 16;

function withSecret({ header, secret }: SharedSecret): Verify {
  mustBe('string', header, 'listen(...): `messages.header`');
  mustBe('string', secret, 'listen(...): `messages.secret`');
  // The attributes of an event are passed to its function, and those of CloudEvents are headers.
  if (!/^[!#$%&'*+\-.^_`|~\w]+$/.test(header) || /^ce-/i.test(header))
    throw misconfigured("listen(...): `messages.header` must be the name of a header that does not start with 'ce-'.");
  if (TAKEN.test(header))
    throw misconfigured(
      "listen(...): `messages.header` must be a header of your own, such as 'x-messages-secret', and none that requests have anyway.",
    );
  // A secret from a file may end with a line break, and then no header would match.
  if (!/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(secret) || secret.length < SHORTEST)
    throw misconfigured(
      `listen(...): \`messages.secret\` must be ASCII text of ${SHORTEST} characters or more, without spaces around it: set the variable that you pass, such as MESSAGES_SECRET.`,
    );
  const wanted = digest(secret);
  // Digests have one length, and comparing them takes the same time wherever they differ.
  return ({ headers }) => timingSafeEqual(digest(headers.get(header) ?? ''), wanted);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Refuses messages of other senders, without reading them. */
export function fromKnown(verify: Verify): BeforeParsing<HttpEvent, Context, object> {
  return beforeParsing(async (event: HttpEvent, { log }, next) => {
    if ((await verify(event)) === true) return next();
    log.warn('A message was refused, because its sender is not known.');
    return reply(problem(403, { detail: 'This sender may not post messages here.' }));
  });
}
