// telegram-test-api on a free port of the loopback interface. Prints its address; ends when its standard input does.
const TelegramServer = require('telegram-test-api');

const server = new TelegramServer({ host: '127.0.0.1', port: '0', storeTimeout: 3600 }); // 0 as a number would be 9000
server.start().then(() => console.log(`http://127.0.0.1:${server.server.address().port}`));
process.stdin.on('end', () => process.exit()).resume();
