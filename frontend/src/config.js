// Enketo's settings; the page asks no map and no outside service.

export default {
  experimentalOptimizations: { computeAsync: false },
  excludeNonRelevant: false,
  maps: [],
  googleApiKey: "",
  repeatOrdinals: false,
  validateContinuously: false,
  validatePage: true,
  swipePage: false,
  textMaxChars: 10_000,
};
