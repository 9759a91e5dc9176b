package dev.serai.access;

/** What a caller may do; each role may do all that the ones below it may. */
public enum Role {
    VIEWER,
    MEMBER,
    ADMIN
}
