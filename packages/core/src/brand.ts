declare const brand: unique symbol;

/** A `T` that only the function which checked it may make. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
