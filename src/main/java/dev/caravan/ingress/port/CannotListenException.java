package dev.caravan.ingress.port;

/** The address of the hook cannot be listened on. The message says why, and what to do. */
public final class CannotListenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private CannotListenException(String message, Throwable cause) {
    super(message, cause);
  }

  static CannotListenException of(IngressSettings settings, Throwable cause) {
    if (String.valueOf(cause.getMessage()).contains("in use")) {
      return new CannotListenException(
          "port " + settings.port() + " is in use by another program; choose another with --port",
          cause);
    }
    return new CannotListenException(
        "cannot listen on %s (%s); choose another address with camel.server.host or --port"
            .formatted(
                settings.host().startsWith("unix:")
                    ? settings.host()
                    : settings.host() + " port " + settings.port(),
                cause.getMessage()),
        cause);
  }
}
