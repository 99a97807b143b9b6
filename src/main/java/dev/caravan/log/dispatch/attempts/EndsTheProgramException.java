package dev.caravan.log.dispatch.attempts;

/** Every attempt at a large delivery has ended the program. */
final class EndsTheProgramException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EndsTheProgramException(int times, int bytes) {
    super(
        "the program ended %d times in a row while this payload of %d MiB was run, most likely for want of memory. Give it a larger heap (-Xmx), then replay it"
            .formatted(times, bytes >> 20));
  }
}
