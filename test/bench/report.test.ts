import { XMLParser } from './xml.js';
