package dev.caravan.libraries;

import java.util.Locale;
import java.util.regex.Pattern;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.collection.DependencyCollectionContext;
import org.eclipse.aether.collection.DependencyTraverser;
import org.eclipse.aether.graph.Dependency;

/** Leaves out of what a library needs whatever is in the jar already or is for another system. */
final class NotInto implements DependencyTraverser {
  private static final Pattern NATIVE = Pattern.compile("(linux|osx|windows)-");

  private final Bundled bundled;
  private final DependencyTraverser others;

  NotInto(Bundled bundled, DependencyTraverser others) {
    this.bundled = bundled;
    this.others = others;
  }

  static boolean isNotNeeded(Bundled bundled, Artifact artifact) {
    return bundled.has(artifact.getGroupId(), artifact.getArtifactId(), artifact.getClassifier())
        || isForAnotherSystem(artifact.getClassifier());
  }

  /** Native code is useful only on its own system, and need not exist for all of them. */
  private static boolean isForAnotherSystem(String classifier) {
    String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String own = system.startsWith("mac") ? "osx" : system.replaceFirst(" .*", "");
    return NATIVE.matcher(classifier).lookingAt() && !classifier.startsWith(own + "-");
  }

  @Override
  public boolean traverseDependency(Dependency dependency) {
    return !isNotNeeded(bundled, dependency.getArtifact()) && others.traverseDependency(dependency);
  }

  @Override
  public DependencyTraverser deriveChildTraverser(DependencyCollectionContext context) {
    return new NotInto(bundled, others.deriveChildTraverser(context));
  }
}
