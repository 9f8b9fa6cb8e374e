// The page's only script: it loads the elements. Everything they show is said by their attributes in index.html.
import "@moose/viz/moose-viz.js";
