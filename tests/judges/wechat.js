// Encrypts, decrypts and signs as WeChat does, with two libraries that nobody here wrote: JSON lines in, JSON lines out.
const wecom = require('@wecom/crypto');
const WeChatCrypto = require('wechat-crypto');

const libraries = {
  '@wecom/crypto': {
    encrypt: (q) => wecom.encrypt(q.key, q.message, q.owner),
    decrypt: (q) => wecom.decrypt(q.key, q.message).message,
    sign: (q) => wecom.getSignature(q.token, q.timestamp, q.nonce, q.message),
  },
  'wechat-crypto': {
    encrypt: (q) => new WeChatCrypto(q.token, q.key, q.owner).encrypt(q.message),
    decrypt: (q) => new WeChatCrypto(q.token, q.key, q.owner).decrypt(q.message).message,
    sign: (q) => new WeChatCrypto(q.token, q.key, q.owner).getSignature(q.timestamp, q.nonce, q.message),
  },
};
console.log('ready');
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const asked = JSON.parse(line);
  try {
    console.log(JSON.stringify({ result: libraries[asked.library][asked.does](asked) }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
});
