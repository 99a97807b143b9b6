package dev.caravan.delivery;

import java.util.List;

/** The values that are read from a payload when it arrives. */
enum PayloadField {
  ACTION("action"),
  REF("ref"),
  REF_TYPE("ref_type"),
  NUMBER("number", true),
  ISSUE_NUMBER("issue.number", true),
  PULL_REQUEST_NUMBER("pull_request.number", true),
  SENDER("sender.login"),
  REPOSITORY("repository.full_name"),
  REPOSITORY_OWNER("repository.owner.login"),
  ORGANIZATION("organization.login"),
  INSTALLATION("installation.id", true),
  /** The account that an App is installed for, in events about the installation itself. */
  INSTALLATION_ACCOUNT("installation.account.login"),
  /** The account in {@code installation_target}. */
  ACCOUNT("account.login"),
  SPONSORED("sponsorship.sponsorable.login"),
  FORMER_LOGIN("changes.login.from");

  private final String path;
  private final boolean isNumber;

  PayloadField(String path) {
    this(path, false);
  }

  PayloadField(String path, boolean isNumber) {
    this.path = path;
    this.isNumber = isNumber;
  }

  /** The names that lead to it, from the top. */
  List<String> names() {
    return List.of(path.split("\\.", -1));
  }

  /** Whether the object it is in always has it. */
  boolean isRequired() {
    return this == REPOSITORY || this == ORGANIZATION;
  }

  /** Whether it is a whole number, and not a text. */
  boolean isNumber() {
    return isNumber;
  }

  @Override
  public String toString() {
    return path;
  }
}
