// What the benchmarks load in a browser and bring from elsewhere.

interface Window {
  tf: any // TensorFlow.js
}
