/** In place of a class where a network's outputs are not numbers; labels are bytes and no data set has so many classes. */
export const NO_ANSWER = 255;
