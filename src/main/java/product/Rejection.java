package product;

/** A product that was not taken, and why, in words that tell its owner what to do. */
public record Rejection(String id, String reason) {}
