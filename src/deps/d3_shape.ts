// @ts-types="npm:@types/d3-shape@3.2.0"
export * from "npm:d3-shape@3.2.1";
