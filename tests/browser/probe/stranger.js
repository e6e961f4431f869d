new AppExtensionsSDK({ identifier: "rt_not_mine" }).initialize();
