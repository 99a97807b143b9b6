package dev.caravan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Packages depend downwards only, so that each can be read without those above it. */
@AnalyzeClasses(packages = "dev.caravan", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule eachPackageKnowsOnlyThoseBelowIt =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("main")
          .definedBy("dev.caravan")
          .layer("cli")
          .definedBy("dev.caravan.cli")
          .layer("server")
          .definedBy("dev.caravan.server")
          .layer("console")
          .definedBy("dev.caravan.console")
          .layer("management")
          .definedBy("dev.caravan.management")
          .layer("github")
          .definedBy("dev.caravan.github")
          .layer("github.api")
          .definedBy("dev.caravan.github.api")
          .layer("metrics")
          .definedBy("dev.caravan.metrics")
          .layer("routes")
          .definedBy("dev.caravan.routes")
          .layer("ingress")
          .definedBy("dev.caravan.ingress")
          .layer("network")
          .definedBy("dev.caravan.network")
          .layer("secrets")
          .definedBy("dev.caravan.secrets")
          .layer("webhook")
          .definedBy("dev.caravan.webhook")
          .layer("log")
          .definedBy("dev.caravan.log")
          .layer("log.sqlite")
          .definedBy("dev.caravan.log.sqlite")
          .layer("logging")
          .definedBy("dev.caravan.logging")
          .layer("config")
          .definedBy("dev.caravan.config")
          .layer("hooks")
          .definedBy("dev.caravan.hooks")
          .layer("files")
          .definedBy("dev.caravan.files")
          .whereLayer("main")
          .mayOnlyAccessLayers("cli")
          .whereLayer("cli")
          .mayOnlyAccessLayers(
              "server",
              "management",
              "github",
              "github.api",
              "routes",
              "ingress",
              "secrets",
              "network",
              "webhook",
              "log",
              "logging",
              "config",
              "files")
          .whereLayer("server")
          .mayOnlyAccessLayers(
              "console",
              "management",
              "github",
              "github.api",
              "metrics",
              "routes",
              "ingress",
              "hooks",
              "secrets",
              "network",
              "webhook",
              "log",
              "log.sqlite",
              "logging",
              "config",
              "files")
          .whereLayer("console")
          .mayOnlyAccessLayers(
              "management",
              "github",
              "metrics",
              "routes",
              "ingress",
              "hooks",
              "secrets",
              "webhook",
              "log")
          .whereLayer("management")
          .mayOnlyAccessLayers(
              "metrics", "routes", "ingress", "secrets", "network", "webhook", "log", "config")
          .whereLayer("github")
          .mayOnlyAccessLayers("github.api", "log", "logging", "config", "files")
          .whereLayer("github.api")
          .mayOnlyAccessLayers("network", "logging", "config")
          .whereLayer("metrics")
          .mayOnlyAccessLayers("routes", "ingress", "hooks", "secrets", "log", "config", "files")
          .whereLayer("routes")
          .mayOnlyAccessLayers("ingress", "webhook", "log", "config")
          .whereLayer("ingress")
          .mayOnlyAccessLayers("hooks", "secrets", "network", "log", "logging", "config")
          .whereLayer("network")
          .mayOnlyAccessLayers("config", "files")
          .whereLayer("hooks")
          .mayOnlyAccessLayers("files")
          .whereLayer("secrets")
          .mayOnlyAccessLayers("config", "files")
          .whereLayer("webhook")
          .mayOnlyAccessLayers("log", "logging", "config")
          .whereLayer("log.sqlite")
          .mayOnlyAccessLayers("log", "logging", "config", "files")
          .whereLayer("log")
          .mayOnlyAccessLayers("config")
          .whereLayer("logging")
          .mayOnlyAccessLayers("config")
          .whereLayer("config")
          .mayNotAccessAnyLayer()
          .whereLayer("files")
          .mayNotAccessAnyLayer();

  /** The rule above sees only the packages it names: a new one has to find its place there. */
  @ArchTest
  static final ArchRule noPackageIsOutsideTheLayers =
      noClasses()
          .should()
          .resideOutsideOfPackages(
              "dev.caravan",
              "dev.caravan.cli",
              "dev.caravan.server",
              "dev.caravan.console",
              "dev.caravan.management",
              "dev.caravan.github",
              "dev.caravan.github.api",
              "dev.caravan.metrics",
              "dev.caravan.routes",
              "dev.caravan.ingress",
              "dev.caravan.hooks",
              "dev.caravan.secrets",
              "dev.caravan.network",
              "dev.caravan.webhook",
              "dev.caravan.log",
              "dev.caravan.log.sqlite",
              "dev.caravan.logging",
              "dev.caravan.config",
              "dev.caravan.files");

  @ArchTest
  static final ArchRule noPackagesDependOnEachOtherInACircle =
      slices().matching("dev.caravan.(**)").should().beFreeOfCycles();

  /** The log may one day be a topic: only its engine on SQLite thinks in SQL. */
  @ArchTest
  static final ArchRule onlyTheSqliteEngineUsesSql =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.caravan.log.sqlite")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.sqlite..");

  /** The other rooms keep plain counters: none of them, and no hot path, waits for a library. */
  @ArchTest
  static final ArchRule onlyMetricsKnowsAMetricsLibrary =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.caravan.metrics")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.prometheus..");

  /** Whoever reads the log's rules need not know Camel, HTTP or how settings are written. */
  @ArchTest
  static final ArchRule theLogKnowsNoCamelAndNoVertx =
      noClasses()
          .that()
          .resideInAPackage("dev.caravan.log..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.camel..", "io.vertx..");
}
