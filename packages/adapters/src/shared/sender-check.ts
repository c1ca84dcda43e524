import type { HttpEvent } from '@tradewind/core';

/** Decides whether a message may come from the sender of a request. */
export interface SenderCheck {
  /**
   * Gets the request with its body unread. Anything but true refuses the message, with a 403. An error is logged, and the
   * message is to be sent again.
   */
  verify(request: HttpEvent): boolean | Promise<boolean>;
}
