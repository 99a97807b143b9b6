package dev.caravan.github.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The owner of hooks.
 *
 * @param kind a repository, an organisation, or the GitHub App itself
 * @param name {@code owner/name}, the organisation's name, or {@code app}
 */
public record HookOwner(Kind kind, String name) {
  /** The App whose credentials are used. It has one hook. */
  public static final HookOwner APP = new HookOwner(Kind.APP, "app");

  private static final Pattern REPOSITORY =
      Pattern.compile("([A-Za-z0-9_-]{1,100})/([A-Za-z0-9._-]{1,100})");
  private static final Pattern ORGANIZATION = Pattern.compile("[A-Za-z0-9_-]{1,100}");

  /** What can have hooks. */
  public enum Kind {
    REPOSITORY,
    ORGANIZATION,
    APP
  }

  /**
   * Refuses an impossible name: every name is safe in a path.
   *
   * @throws IllegalArgumentException with a sentence that says how to write it
   */
  public HookOwner {
    boolean fits =
        switch (kind) {
          case REPOSITORY -> isRepository(name);
          case ORGANIZATION -> ORGANIZATION.matcher(name).matches();
          case APP -> name.equals("app");
        };
    if (!fits) {
      throw new IllegalArgumentException(
          kind == Kind.REPOSITORY
              ? "'%s' is not a repository. Write owner/name.".formatted(name)
              : "'%s' is not the name of an organization.".formatted(name));
    }
  }

  /** A repository by its full name. */
  public static HookOwner repository(String name) {
    return new HookOwner(Kind.REPOSITORY, name);
  }

  /** An organisation by its name. */
  public static HookOwner organization(String name) {
    return new HookOwner(Kind.ORGANIZATION, name);
  }

  /** Reads {@code acme/rocket}, {@code acme}, or {@code app} for the App itself. */
  public static HookOwner parse(String text) {
    return text.equals(APP.name) ? APP : text.contains("/") ? repository(text) : organization(text);
  }

  /** The user or organisation that owns it, or that it is. */
  public String account() {
    return kind == Kind.REPOSITORY ? name.substring(0, name.indexOf('/')) : name;
  }

  /** The path of its hooks. */
  String hooks() {
    return switch (kind) {
      case REPOSITORY -> "/repos/" + name + "/hooks";
      case ORGANIZATION -> "/orgs/" + name + "/hooks";
      case APP -> "/app/hook";
    };
  }

  /** The path of one hook; the App's has no id. */
  String hook(long id) {
    return kind == Kind.APP ? hooks() : hooks() + "/" + id;
  }

  private static boolean isRepository(String name) {
    Matcher matcher = REPOSITORY.matcher(name);
    return matcher.matches() && !matcher.group(2).equals(".") && !matcher.group(2).equals("..");
  }

  @Override
  public String toString() {
    return kind == Kind.APP ? "the App" : name;
  }
}
