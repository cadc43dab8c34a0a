import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import { readAtOnce } from '../scripts/read-at-once.ts';

test.each([
  { what: 'brackets what is expressed', code: 'f(e=>e+1,function(){})', read: 'f((e=>e+1),(function(){}))' },
  { what: 'not what stands in brackets', code: '(e=>e)(1)', read: '(e=>e)(1)' },
  { what: 'not what the engine would not compile for it', code: 'f(async e=>e);({m(){}})', read: 'f(async e=>e);({m(){}})' },
  { what: 'raises what is declared', code: 'a();function f(b){return b}', read: 'var f=(function (b){return b});a();' },
  {
    what: 'and what is declared in it',
    code: 'function f(){g();function g(){}}',
    read: 'var f=(function (){var g=(function (){});g();});',
  },
  {
    what: 'leaves a spared module',
    code: 'var t={1:e=>{function f(){}},2:e=>e};',
    spared: [1],
    read: 'var t={1:(e=>{function f(){}}),2:(e=>e)};',
  },
])('$what', ({ code, spared, read }) => {
  expect(readAtOnce(code, new Set(spared))).toBe(read);
});

test.each([
  { what: 'called before it stands there', code: 'let a=f();function f(){return g()}function g(){return 2}a' },
  { what: 'declared twice', code: '(function(){function f(){return 1}let a=f();function f(){return 2}return[a,f()]})()' },
  { what: 'replaced from inside', code: '(function(){function f(){f=()=>2;return 1}return[f(),f()]})()' },
  {
    what: 'named',
    code: '(function(){function f(){}let g=()=>1,h={i:e=>e,j:function(){}};return[f.name,g.name,h.i.name,h.j.name,(e=>e).name]})()',
  },
  { what: 'a generator', code: '(function(){return[...f()];function*f(){yield 1}})()' },
  { what: 'asynchronous', code: '(function(){return[f()+"",f.constructor.name];async function f(){}})()' },
  { what: 'below a directive', code: '(function(){"use strict";let a=f();function f(){return this===undefined}return a})()' },
  { what: 'in a block', code: '(function(){if(true){function f(){return 1}}return f()})()' },
  { what: 'named as a parameter', code: '(function(f){function f(){return 1}return f()})(3)' },
  {
    what: 'in classes',
    code: 'class K{f=e=>e+1;static g=function(){return 4};get h(){function i(){return 5}return i()}};[new K().f(2),K.g(),new K().h]',
  },
  { what: 'in one another', code: '[1,2].map(a=>[3].map(b=>c=>a+b+c)).flat().map(f=>f(10))' },
  { what: 'behind a word', code: 'let f=function(){return e=>typeof function(){}+e};[f()(1),new function(){this.a=1}().a]' },
])('a function means the same: $what', ({ code }) => {
  const plain = JSON.stringify(runInNewContext(code));
  expect(plain).toBeDefined();
  expect(JSON.stringify(runInNewContext(readAtOnce(code)))).toBe(plain);
});
