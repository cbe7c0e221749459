/** A picture that cannot be decoded because its file is broken: the client's fault, where all else is ours. */
export class UnreadablePicture extends Error {
  override readonly name = "UnreadablePicture";
}
