package dev.caravan.libraries;

import eu.maveniverse.maven.mima.context.Context;
import eu.maveniverse.maven.mima.context.ContextOverrides;
import eu.maveniverse.maven.mima.context.ContextOverrides.ChecksumPolicy;
import eu.maveniverse.maven.mima.runtime.standalonestatic.StandaloneStaticRuntime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.aether.DefaultRepositorySystemSession;
import org.eclipse.aether.RepositoryException;
import org.eclipse.aether.RepositorySystem;
import org.eclipse.aether.artifact.Artifact;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.resolution.ArtifactDescriptorRequest;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.VersionRequest;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferEvent;
import org.eclipse.aether.util.repository.SimpleResolutionErrorPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Where libraries come from: the user's Maven repositories, with the mirrors, proxies and passwords
 * of the user's Maven settings, or Maven Central without any. What a library says about
 * repositories of its own is not followed, and a file without the right checksum is not taken.
 */
final class MavenRepositories implements AutoCloseable {
  /** Libraries of many parts, all of which must have the version of the part in the jar. */
  private static final List<Family> FAMILIES =
      List.of(
          new Family("io.netty", "netty-common", "io.netty", "netty-bom"),
          new Family(
              "com.fasterxml.jackson.core",
              "jackson-core",
              "com.fasterxml.jackson",
              "jackson-bom"));

  private record Family(String group, String member, String listGroup, String list) {}

  private final Context context;
  private final DefaultRepositorySystemSession session;
  private final Bundled bundled;
  private final FetchFailures failures;

  /**
   * @param settings a settings file of Maven's instead of the user's; null for that
   * @param progress gets the name of each jar that is fetched
   */
  MavenRepositories(
      Bundled bundled, @Nullable Path settings, boolean isOffline, Consumer<String> progress) {
    this.bundled = bundled;
    ContextOverrides.Builder overrides =
        ContextOverrides.create()
            .withUserSettings(true)
            .offline(isOffline ? true : null)
            .ignoreArtifactDescriptorRepositories(true)
            .checksumPolicy(ChecksumPolicy.FAIL)
            .transferListener(
                new AbstractTransferListener() {
                  @Override
                  public void transferSucceeded(TransferEvent event) {
                    String name = event.getResource().getResourceName();
                    if (name.endsWith(".jar")) {
                      progress.accept(name.substring(name.lastIndexOf('/') + 1));
                    }
                  }
                });
    if (settings != null) {
      overrides.withUserSettingsXmlOverride(settings);
    }
    context = new StandaloneStaticRuntime().create(overrides.build());
    session = new DefaultRepositorySystemSession(context.repositorySystemSession());
    // A repository that could not be reached a minute ago is asked again.
    session.setResolutionErrorPolicy(new SimpleResolutionErrorPolicy(false, false));
    session.setDependencyTraverser(
        new NotInto(bundled, Objects.requireNonNull(session.getDependencyTraverser())));
    failures =
        new FetchFailures(session.isOffline(), session.getLocalRepository().getBasedir().toPath());
  }

  /** The library in the version that fits: Camel's, or what Camel was tried with, or the newest. */
  Coordinates withVersion(Coordinates library) {
    try {
      if (library.version() != null) {
        return library;
      }
      for (String list : List.of("camel-bom", "camel-parent")) {
        for (Dependency managed : managed(CamelNames.GROUP, list, bundled.camelVersion())) {
          Artifact artifact = managed.getArtifact();
          if (artifact.getGroupId().equals(library.group())
              && artifact.getArtifactId().equals(library.artifact())) {
            return library.in(artifact.getVersion());
          }
        }
      }
      if (CamelNames.isOfCamel(library)) {
        return library.in(bundled.camelVersion());
      }
      VersionRequest newest =
          new VersionRequest(
              new DefaultArtifact(library.group(), library.artifact(), "jar", "RELEASE"),
              context.remoteRepositories(),
              null);
      return library.in(system().resolveVersion(session, newest).getVersion());
    } catch (RepositoryException e) {
      throw failures.explain(library, e);
    }
  }

  /** Those libraries and everything they need that the program's jar does not have, each once. */
  List<FetchedJar> fetch(List<Coordinates> libraries) {
    CollectRequest wanted = new CollectRequest();
    wanted.setRepositories(context.remoteRepositories());
    try {
      libraries.forEach(library -> wanted.addDependency(dependency(library)));
      bundled.all().forEach(library -> wanted.addManagedDependency(dependency(library)));
      managed(CamelNames.GROUP, "camel-bom", bundled.camelVersion())
          .forEach(wanted::addManagedDependency);
      for (Family family : FAMILIES) {
        String version = bundled.find(family.group(), family.member()).orElseThrow().version();
        managed(family.listGroup(), family.list(), String.valueOf(version))
            .forEach(wanted::addManagedDependency);
      }
      DependencyRequest request =
          new DependencyRequest(
              wanted,
              (node, parents) ->
                  node.getArtifact() != null && !NotInto.isNotNeeded(bundled, node.getArtifact()));
      List<FetchedJar> jars = new ArrayList<>();
      for (ArtifactResult result :
          system().resolveDependencies(session, request).getArtifactResults()) {
        Artifact artifact = result.getArtifact();
        if (artifact.getExtension().equals("jar")) {
          jars.add(new FetchedJar(coordinates(artifact), artifact.getFile().toPath()));
        }
      }
      return jars;
    } catch (RepositoryException e) {
      throw failures.explain(libraries.get(0), e);
    }
  }

  /** The versions that a list of a Maven repository states. */
  private List<Dependency> managed(String group, String list, String version)
      throws RepositoryException {
    ArtifactDescriptorRequest request =
        new ArtifactDescriptorRequest(
            new DefaultArtifact(group, list, "pom", version), context.remoteRepositories(), null);
    return Stream.of(system().readArtifactDescriptor(session, request))
        .flatMap(descriptor -> descriptor.getManagedDependencies().stream())
        .toList();
  }

  private RepositorySystem system() {
    return context.repositorySystem();
  }

  private static Dependency dependency(Coordinates library) {
    return new Dependency(
        new DefaultArtifact(library.group(), library.artifact(), "jar", library.version()),
        "runtime");
  }

  private static Coordinates coordinates(Artifact artifact) {
    return new Coordinates(artifact.getGroupId(), artifact.getArtifactId(), artifact.getVersion());
  }

  @Override
  public void close() {
    context.close();
  }
}
