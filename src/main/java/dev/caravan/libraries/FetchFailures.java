package dev.caravan.libraries;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import javax.net.ssl.SSLException;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.transfer.ArtifactNotFoundException;
import org.eclipse.aether.transfer.ArtifactTransferException;
import org.eclipse.aether.transfer.ChecksumFailureException;
import org.eclipse.aether.transfer.RepositoryOfflineException;
import org.jspecify.annotations.Nullable;

/** Says in a sentence why a library could not be fetched. */
final class FetchFailures {
  private final boolean isOffline;
  private final Path localRepository;

  FetchFailures(boolean isOffline, Path localRepository) {
    this.isOffline = isOffline;
    this.localRepository = localRepository;
  }

  /**
   * @param asked what was to be fetched, where the failure does not say it better
   */
  LibraryException explain(Coordinates asked, RepositoryException failure) {
    String what = asked.toString();
    String from = "its repository";
    boolean isMissing = false;
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ArtifactTransferException transfer) {
        what = named(transfer.getArtifact(), what);
        from = named(transfer.getRepository(), from);
        isMissing = transfer instanceof ArtifactNotFoundException;
      }
      String sentence = sentence(cause, what, from);
      if (sentence != null) {
        return new LibraryException(sentence, failure);
      }
    }
    if (isOffline) {
      return new LibraryException(offline(what), failure);
    }
    return new LibraryException(
        isMissing || failure instanceof org.eclipse.aether.resolution.VersionResolutionException
            ? "There is no %s in %s. Nothing was added.".formatted(what, from)
            : "%s could not be fetched: %s Nothing was added."
                .formatted(what, oneLine(deepest(failure))),
        failure);
  }

  private @Nullable String sentence(Throwable cause, String what, String from) {
    if (cause instanceof RepositoryOfflineException) {
      return offline(what);
    }
    if (cause instanceof ChecksumFailureException) {
      return "%s, as %s sends it, does not have the right checksum: %s It was not kept, and nothing was added."
          .formatted(what, from, oneLine(cause));
    }
    if (cause instanceof UnknownHostException
        || cause instanceof ConnectException
        || cause instanceof NoRouteToHostException
        || cause instanceof SocketTimeoutException
        || cause instanceof SSLException) {
      return "%s cannot be reached (%s), so %s could not be fetched. Nothing was added. A proxy or a mirror is taken from Maven's settings, ~/.m2/settings.xml."
          .formatted(from, oneLine(cause), what);
    }
    return null;
  }

  private String offline(String what) {
    return "%s is not in %s, and nothing else is asked offline. Nothing was added."
        .formatted(what, localRepository);
  }

  private static String named(@Nullable Artifact artifact, String otherwise) {
    return artifact == null
        ? otherwise
        : artifact.getGroupId() + ":" + artifact.getArtifactId() + ":" + artifact.getVersion();
  }

  private static String named(@Nullable RemoteRepository repository, String otherwise) {
    return repository == null ? otherwise : repository.getUrl();
  }

  private static Throwable deepest(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static String oneLine(Throwable failure) {
    String message = failure.getMessage() == null ? "" : ": " + failure.getMessage();
    String line =
        (failure.getClass().getSimpleName() + message).replaceAll("\\s*[\\r\\n]+\\s*", " ").strip();
    return line.endsWith(".") || !line.contains(" ") ? line : line + ".";
  }
}
