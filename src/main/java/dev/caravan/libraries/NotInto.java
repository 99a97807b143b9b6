package dev.caravan.libraries;

import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.collection.DependencyCollectionContext;
import org.eclipse.aether.collection.DependencyTraverser;
import org.eclipse.aether.graph.Dependency;

/** Does not look at what a library needs that is in the jar: that is there, too. */
final class NotInto implements DependencyTraverser {
  private final Bundled bundled;
  private final DependencyTraverser others;

  NotInto(Bundled bundled, DependencyTraverser others) {
    this.bundled = bundled;
    this.others = others;
  }

  static boolean isBundled(Bundled bundled, Artifact artifact) {
    return bundled.has(artifact.getGroupId(), artifact.getArtifactId(), artifact.getClassifier());
  }

  @Override
  public boolean traverseDependency(Dependency dependency) {
    return !isBundled(bundled, dependency.getArtifact()) && others.traverseDependency(dependency);
  }

  @Override
  public DependencyTraverser deriveChildTraverser(DependencyCollectionContext context) {
    return new NotInto(bundled, others.deriveChildTraverser(context));
  }
}
