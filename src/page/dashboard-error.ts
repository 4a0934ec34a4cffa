/** The dashboard page could not be started; the message is one line that names what is wrong and the next step. */
export class DashboardError extends Error {
  override readonly name = 'DashboardError';
  constructor(
    message: string,
    /** `ERR_PORT_IN_USE`, `ERR_BAD_URL`, `ERR_BAD_PORT`, `ERR_PAGE_NOT_BUILT`, else the system's own code. */
    readonly code: string,
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}
