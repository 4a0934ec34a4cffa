import 'reflect-metadata';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Controller, Get, Header, HttpCode, Module, Query, SetMetadata, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { requests, testMonitoring } from './helpers/monitoring.js';

/** Applies decorators to a method as TypeScript does under `experimentalDecorators`: the last one first. */
function decorate(target: object, key: string, ...decorators: MethodDecorator[]): void {
  let descriptor = Object.getOwnPropertyDescriptor(target, key) as PropertyDescriptor;
  for (const decorator of decorators.reverse())
    descriptor = (decorator(target, key, descriptor) as never) ?? descriptor;
  Object.defineProperty(target, key, descriptor);
}

class Deny {
  canActivate = () => false;
}

async function startApplication(t: { after(end: () => unknown): void }) {
  const monitoring = testMonitoring();
  const watch = (operation: string) => monitoring.monitoredQuery({ operation }) as MethodDecorator;
  class Answers {}
  const methods = {
    async below() {
      return { answer: 'secret' };
    },
    async above() {
      return { answer: 'secret' };
    },
    async open(question: string) {
      return { question };
    },
  };
  Object.defineProperties(Answers.prototype, Object.getOwnPropertyDescriptors(methods));
  decorate(Answers.prototype, 'below', Get('below'), watch('below'), UseGuards(Deny), SetMetadata('roles', ['admin']));
  decorate(Answers.prototype, 'above', UseGuards(Deny), Get('above'), watch('above'));
  decorate(Answers.prototype, 'open', watch('open'), Get('open'), HttpCode(201), Header('x-answer', 'yes'));
  Query('q')(Answers.prototype, 'open', 0);
  Controller()(Answers);
  class Application {}
  Module({ controllers: [Answers] })(Application);
  const application = await NestFactory.create(Application, { logger: false });
  await application.listen(0, '127.0.0.1');
  t.after(() => application.close());
  return { ...monitoring, url: await application.getUrl(), Answers };
}

test('a method of a NestJS controller keeps its guards, roles, status and headers on either side of the decorator', async (t) => {
  const { url, series, Answers } = await startApplication(t);
  assert.equal((await fetch(`${url}/below`)).status, 403);
  assert.equal((await fetch(`${url}/above`)).status, 403);
  assert.equal(await series(requests('below', 'success')), 0);
  const handler = (Answers.prototype as unknown as { below: object }).below;
  assert.deepEqual(Reflect.getMetadata('roles', handler), ['admin']);
  const open = await fetch(`${url}/open?q=why`);
  assert.equal(open.status, 201);
  assert.equal(open.headers.get('x-answer'), 'yes');
  assert.deepEqual(await open.json(), { question: 'why' });
  assert.equal(await series(requests('open', 'success')), 1);
});

test('what is hung on a function before or after it is wrapped is found on the wrapper', () => {
  const { monitoredQuery } = testMonitoring();
  const ask = Object.assign(async () => 'answer', { before: 1 });
  Reflect.defineMetadata('before', 'metadata', ask);
  const monitored = monitoredQuery({ operation: 'ask' })(ask);
  Object.assign(ask, { after: 2 });
  Reflect.defineMetadata('after', 'metadata', ask);
  assert.equal(monitored.before, 1);
  assert.equal((monitored as unknown as { after: number }).after, 2);
  assert.equal(Reflect.getOwnMetadata('before', monitored), 'metadata');
  assert.equal(Reflect.getMetadata('after', monitored), 'metadata');
  assert.equal(Object.prototype.toString.call(monitored), '[object AsyncFunction]');
});
