/** The environment variables that say who calls. They are in no result, and on no command line. */
export const USER_VARIABLE = "TIDEMARK_ETCD_USER";
/** As {@linkcode USER_VARIABLE}. */
export const PASSWORD_VARIABLE = "TIDEMARK_ETCD_PASSWORD";
