/** Histories that failed once, by what was wrong: `without` are the steps that they fail without. */
export const SEEDS: Readonly<
  Record<
    string,
    {
      readonly seed: number
      readonly edition: number
      readonly stations?: number
      readonly steps?: number
      readonly without?: readonly number[]
    }
  >
> = {
  'a disk fills up in the middle of a meeting': { seed: 5, edition: 1 },
  'an invitation is made on a full disk': { seed: 48, edition: 1 },
  'two copies of a chief, and nobody else who may hold the space': { seed: 50, edition: 1 },
  'every machine is down at once': { seed: 514, edition: 1 },
  'an erasure that is only carried for others': { seed: 6, edition: 2 },
  'an invitation that does not open any more, and an erasure': {
    seed: 5165,
    edition: 2,
    without: [
      18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 0, 1, 2, 3, 4, 5, 6, 7, 8, 36,
      37, 38, 39, 40, 41, 42, 43, 44, 9, 15, 16, 17, 65, 66, 67, 68, 69, 70, 10, 11, 51, 52, 53, 57, 58, 59,
      60, 61, 62, 46, 47, 50, 63, 13, 49, 55,
    ],
  },
  'a carrier of a log with a short branch, to whom it is sent again and again': { seed: 6612, edition: 2 },
  'a segment whose envelope calls itself newer': { seed: 5287, edition: 2 },
  'an erasure held with what it erases, of who was removed': { seed: 5719, edition: 2 },
  'an erasure held in one space and an act beside it that counts': { seed: 5857, edition: 2 },
  'a bit flipped in what the file says of its tables': { seed: 11048, edition: 2 },
  'an entry that came without its part, by an erasure that is held, and is vouched for later': {
    seed: 15505,
    edition: 2,
    without: [0, 1, 2, 3, 8, 9, 5, 11, 12],
  },
  'who leaves is the last to have what a restored station once wrote': {
    seed: 13353,
    edition: 2,
    without: [
      30, 31, 32, 33, 34, 35, 36, 37, 5, 6, 7, 8, 9, 10, 11, 15, 16, 17, 21, 22, 23, 24, 25, 26, 14, 27, 1, 2,
      12, 18, 29,
    ],
  },
  'a bit flipped in what is noted of a checkpoint': { seed: 28102, edition: 2 },
  'an erasure that was announced, and lost with the only disk that held it': {
    seed: 30312,
    edition: 2,
    without: [
      7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 42, 43, 44, 45, 46, 47, 48, 6, 28, 29, 38, 39, 1,
      3, 4, 5, 23, 25, 27, 32, 34, 36, 40,
    ],
  },
  'entries held in a space that was handed on': {
    seed: 41101,
    edition: 2,
    without: [
      100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120,
      121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 141,
      142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162,
      163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183,
      184, 185, 186, 187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199, 0, 1, 2, 3, 4, 5, 6, 7,
      8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 63, 64, 65, 66, 67, 68, 69, 77, 78, 79, 80, 81, 82,
      83, 32, 33, 34, 35, 60, 61, 62, 72, 73, 74, 75, 84, 85, 86, 87, 22, 23, 26, 27, 28, 29, 36, 37, 40, 41,
      44, 45, 48, 49, 54, 55, 58, 59, 88, 89, 92, 93, 96, 97, 24, 31, 38, 43, 47, 53, 56, 71, 91, 95, 99,
    ],
  },
  'who erased what nobody else had yet, and was removed before that was known': { seed: 43368, edition: 2 },
  'a carrier of a short branch, and of the other one only what came after it': { seed: 53793, edition: 2 },
  'what a removed station had not sent reaches one of two copies': {
    seed: 53794,
    edition: 2,
    without: [
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
      28, 29, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 48, 49, 50, 51, 54, 55, 58, 31, 46, 53, 57,
    ],
  },
  'who lost a grid meets somebody who lacks its key': { seed: 61167, edition: 2 },
  'a machine loses power while the disk takes a checkpoint': { seed: 68158, edition: 2 },
  'an erasure takes the pages of the checkpoint that another one had renewed': { seed: 78522, edition: 2 },
  'a bit flipped in what a log is named by': { seed: 86490, edition: 2 },
  'a checkpoint in a segment that is turned away, and what came before it in the batch': {
    seed: 89786,
    edition: 2,
  },
  'what a pruned copy has, and only a stick goes between': { seed: 96687, edition: 2 },
  'a bit flipped in the index of entries': { seed: 98376, edition: 2 },
  'all that can be offered are checkpoints in a frozen log': { seed: 116922, edition: 2 },
}
