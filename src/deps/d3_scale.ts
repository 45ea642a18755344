// @ts-types="npm:@types/d3-scale@4.0.9"
export * from "npm:d3-scale@4.0.3";
