// Express ships no types of its own.
declare module 'express' {
  export interface Request {
    readonly body: unknown;
  }
  export interface Response {
    status(code: number): Response;
    json(body: unknown): void;
  }
  export type NextFunction = (error?: unknown) => void;
  interface App {
    use(...handlers: unknown[]): void;
    post(path: string, handler: (request: Request, response: Response) => void): void;
  }
  const express: { (): App; json(): unknown };
  export default express;
}
